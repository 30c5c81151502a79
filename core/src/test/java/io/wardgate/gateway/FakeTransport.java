// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.WardgateException;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PeerVerifier;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A transport without a wire: keeps what the gateway gave it, for the test to play the peers. */
final class FakeTransport implements Transport {

  static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("gateway", 5684);

  /** The gateway's front door; empty before it is opened. */
  Optional<Intake> intake = Optional.empty();

  /** The gateway's verifier; empty before it is opened. */
  Optional<PeerVerifier> peers = Optional.empty();

  /** What to throw instead of opening. */
  Optional<Throwable> failure = Optional.empty();

  /** What to run when it is closed. */
  Runnable whenClosed = () -> {};

  /** Whose sessions were to end. */
  final List<Predicate<AuthenticatedPeer>> ended = new ArrayList<>();

  Set<String> optIns = new TreeSet<>();
  int opened;
  int closed;

  @Override
  public Endpoint open(
      GatewayIdentity identity, PeerVerifier verifier, Intake door, SavedSessions saved)
      throws WardgateException {
    if (failure.orElse(null) instanceof WardgateException refused) {
      throw refused;
    }
    if (failure.orElse(null) instanceof RuntimeException broken) {
      throw broken;
    }
    if (failure.orElse(null) instanceof Error broken) {
      throw broken;
    }
    opened++;
    peers = Optional.of(verifier);
    intake = Optional.of(door);
    return new Endpoint() {
      @Override
      public InetSocketAddress address() {
        return ADDRESS;
      }

      @Override
      public int sessions() {
        return 3;
      }

      @Override
      public long resumed() {
        return 2;
      }

      @Override
      public int restored() {
        return 1;
      }

      @Override
      public void end(Predicate<AuthenticatedPeer> those) {
        ended.add(those);
      }

      @Override
      public void close() {
        closed++;
        whenClosed.run();
      }
    };
  }

  @Override
  public Set<String> optIns() {
    return optIns;
  }
}
