// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.WardgateException;
import io.wardgate.ca.HostName;
import io.wardgate.fixtures.ObedientClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** A gateway home for one test. */
final class TestHome {

  static final ObedientClock CLOCK = ObedientClock.at("2026-11-23T12:00:00Z");
  static final SecureRandom RANDOM = new SecureRandom();

  private TestHome() {}

  /** A new home {@code gw} in {@code directory}, unlocked by {@code gw.unlock} beside it. */
  static GatewayHome in(Path directory) throws IOException, WardgateException {
    Path place = directory.resolve("gw");
    make(place, UnlockSource.BESIDE_THE_HOME);
    return GatewayHome.at(place);
  }

  static UnlockSecret make(Path place, UnlockSource unlock) throws IOException, WardgateException {
    return new NewHome(CLOCK, RANDOM).make(place, List.of(new HostName("localhost")), unlock);
  }

  static OpenHome open(GatewayHome home) throws IOException, WardgateException {
    return OpenHome.open(home, UnlockSource.BESIDE_THE_HOME, CLOCK, RANDOM);
  }
}
