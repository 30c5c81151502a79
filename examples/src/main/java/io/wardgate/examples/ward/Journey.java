// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.testkit.net.ImpairmentPlan;
import io.wardgate.testkit.net.ImpairmentProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The ambulance's way through the city: its link is gone for a while at a third of the run, and at
 * two thirds it comes back from another address.
 */
final class Journey implements AutoCloseable {

  /** How the link is. */
  enum Link {
    UP("up"),
    CUT("CUT"),
    BACK("up again"),
    MOVED("up, new address");

    private final String label;

    Link(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private static final Duration LONGEST_LOSS = Duration.ofSeconds(4);

  private final ImpairmentProxy proxy;
  private final Duration cutAt;
  private final Duration backAt;
  private final Duration moveAt;
  private Link link = Link.UP;

  Journey(InetSocketAddress gateway, Duration span) throws IOException {
    this.proxy = ImpairmentProxy.towards(gateway, ImpairmentPlan.harmless());
    this.cutAt = span.dividedBy(3);
    this.backAt = cutAt.plus(shorter(span.dividedBy(8), LONGEST_LOSS));
    this.moveAt = span.multipliedBy(2).dividedBy(3);
  }

  /** Where the ambulance finds the gateway. */
  InetSocketAddress address() {
    return proxy.address();
  }

  /** Takes the steps that are due. */
  void goOn(Duration elapsed) {
    if (link == Link.UP && elapsed.compareTo(cutAt) >= 0) {
      proxy.cut();
      link = Link.CUT;
    }
    if (link == Link.CUT && elapsed.compareTo(backAt) >= 0) {
      proxy.restore();
      link = Link.BACK;
    }
    if (link == Link.BACK && elapsed.compareTo(moveAt) >= 0) {
      proxy.rebind();
      link = Link.MOVED;
    }
  }

  Link link() {
    return link;
  }

  /** For how long the link is gone. */
  Duration loss() {
    return backAt.minus(cutAt);
  }

  @Override
  public void close() {
    proxy.close();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
