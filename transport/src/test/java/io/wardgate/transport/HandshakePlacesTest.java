// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Provision;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** Nobody holds all places of handshakes, and none is lost. */
class HandshakePlacesTest {

  private static final Source ONE = at("192.0.2.7", 1);
  private static final Source OTHER = at("192.0.2.8", 1);
  private static final Source THIRD = at("192.0.2.9", 1);

  private final HandshakePlaces places = HandshakePlaces.beside(1000);

  @Test
  void thereAreHalfAsManyAsSessionsAndSomeInAnyCase() {
    assertThat(places.all()).isEqualTo(500);
    assertThat(HandshakePlaces.beside(1).all()).isEqualTo(128);
  }

  @Test
  @Provision("5.9-3")
  void oneSourceHoldsHalfOfThemAndTwoHoldAll() {
    assertThat(takenBy(ONE)).isEqualTo(250);
    assertThat(places.hasOneFor(OTHER)).isTrue();
    assertThat(takenBy(OTHER)).isEqualTo(250);
    assertThat(places.hasOneFor(THIRD)).isFalse();
    assertThat(places.take(THIRD)).isFalse();
  }

  @Test
  void whatIsGivenBackIsTakenByAnybody() {
    for (int round = 0; round < 3; round++) {
      assertThat(takenBy(ONE)).isEqualTo(250);
      assertThat(takenBy(OTHER)).isEqualTo(250);
      places.giveBack(ONE);
      assertThat(places.take(THIRD)).isTrue();
      places.giveBack(THIRD);
      for (int i = 0; i < 249; i++) {
        places.giveBack(ONE);
      }
      for (int i = 0; i < 250; i++) {
        places.giveBack(OTHER);
      }
    }
  }

  @Test
  void portsAndAddressesOfOneNetworkAreOneSource() {
    assertThat(at("192.0.2.7", 2)).isEqualTo(ONE).isNotEqualTo(OTHER);
    assertThat(at("2001:db8:1:2::1", 1)).isEqualTo(at("2001:db8:1:2:ffff::9", 2));
    assertThat(at("2001:db8:1:2::1", 1)).isNotEqualTo(at("2001:db8:1:3::1", 1));
    assertThat(at("::", 1)).isNotEqualTo(at("0.0.0.0", 1));
  }

  private int takenBy(Source source) {
    int taken = 0;
    while (places.take(source)) {
      taken++;
    }
    return taken;
  }

  private static Source at(String address, int port) {
    try {
      return Source.of(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
