// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Provision;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** There is always an id for the next message, and it is none that was just used. */
class MessageIdsTest {

  private final MessageIds ids = new MessageIds(new SecureRandom());

  @Test
  void oneAddressGetsEachIdOnceInARound() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1 << 16; i++) {
      seen.add(ids.getNextMessageId(address(1)));
    }
    assertThat(seen).hasSize(1 << 16).allMatch(id -> id >= 0 && id <= 0xffff);
  }

  @Test
  @Provision("5.9-1")
  void whoSendsFromManyAddressesTakesNobodysIds() {
    int victim = ids.getNextMessageId(address(0));
    for (int port = 1; port < 65_536; port++) {
      assertThat(ids.getNextMessageId(address(port))).isBetween(0, 0xffff);
      if (port % 1000 == 0) {
        int next = ids.getNextMessageId(address(0));
        assertThat(next).isEqualTo((victim + 1) & 0xffff);
        victim = next;
      }
    }
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
