// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityEventTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "Peer", "peer_refused", "peer-", "-peer", "peer refused", "1-peer"})
  void aKindIsAKebabCaseWord(String kind) {
    assertThatIllegalArgumentException().isThrownBy(() -> event(kind, "local"));
  }

  @Test
  void aKindHasAtMost64Characters() {
    assertThat(event("k".repeat(64), "local").kind()).hasSize(64);
    assertThatIllegalArgumentException().isThrownBy(() -> event("k".repeat(65), "local"));
  }

  @Test
  void everyKindOfOursIsOneAndStandsForOneThing() throws Exception {
    Set<String> seen = new HashSet<>();
    for (Field field : SecurityEvent.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof String kind) {
        assertThat(event(kind, "local").kind().replace('-', '_'))
            .isEqualToIgnoringCase(field.getName());
        assertThat(seen.add(kind)).isTrue();
      }
    }
    assertThat(seen).contains("peer-refused", "device-revoked", "events-suppressed");
  }

  @Test
  void aSourceIsBoundedAndPrintableSoThatNoEventIsLostForIt() {
    assertThat(event("test", "[2001:db8::1%eth0]:5684").source())
        .isEqualTo("[2001:db8::1%eth0]:5684");
    assertThat(event("test", "a\r\nb\u001b[2Jé\ud83d\ude00").source()).isEqualTo("a??b?[2J???");
    assertThat(event("test", "s".repeat(1000)).source()).hasSize(128);
  }

  @Test
  void aTimeHasAYearOfFourDigits() {
    for (Instant at :
        new Instant[] {Instant.MIN, Instant.MAX, Instant.parse("+10000-01-01T00:00:00Z")}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SecurityEvent.info(at, "test", null, "local"));
    }
  }

  private static SecurityEvent event(String kind, String source) {
    return SecurityEvent.info(Instant.EPOCH, kind, null, source);
  }
}
