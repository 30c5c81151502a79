// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent.Severity;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FloodGateTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final FloodGate gate = new FloodGate();

  @Test
  void keepsTheFirstHundredOfAKindAndReasonAndSaysHowManyMoreThereWere() {
    assertThat(kept(412, refused(Reason.UNKNOWN_AUTHORITY))).isEqualTo(100);
    assertThat(kept(3, refused(Reason.NO_CREDENTIAL))).as("another reason").isEqualTo(3);

    assertThat(gate.end(NOW))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(SecurityEvent.EVENTS_SUPPRESSED);
              assertThat(event.severity()).isEqualTo(Severity.WARNING);
              assertThat(event.source()).isEqualTo("312 peer-refused unknown-authority");
            });
  }

  @Test
  void anAlertAlwaysPasses() {
    SecurityEvent alert =
        SecurityEvent.alert(NOW, SecurityEvent.STATE_DAMAGED, "ledger", Reason.STATE_DAMAGED);

    assertThat(kept(1000, alert)).isEqualTo(1000);
    assertThat(gate.end(NOW)).isEmpty();
  }

  @Test
  void anEventWithoutAReasonIsOneKindToo() {
    assertThat(
            kept(101, SecurityEvent.info(NOW, SecurityEvent.SESSION_OPENED, null, "192.0.2.1:9")))
        .isEqualTo(100);
    assertThat(gate.end(NOW)).map(SecurityEvent::source).containsExactly("1 session-opened");
  }

  @Test
  void theWindowIsOverAfterTenSecondsOrWhenTheClockIsSetBack() {
    assertThat(gate.isOver(NOW)).as("never begun").isFalse();
    assertThat(kept(1, refused(Reason.NO_CREDENTIAL))).isEqualTo(1);
    assertThat(gate.isOver(NOW.plusMillis(9_999))).isFalse();
    assertThat(gate.isOver(NOW.plusSeconds(10))).isTrue();
    assertThat(gate.isOver(NOW.minusMillis(1))).isTrue();

    assertThat(gate.end(NOW)).isEmpty();
    assertThat(gate.isOver(NOW.plusSeconds(10))).isFalse();
    assertThat(kept(200, refused(Reason.NO_CREDENTIAL))).as("a new window").isEqualTo(100);
  }

  @Test
  void whoInventsKindsGainsNoMemory() {
    int kept = 0;
    for (int i = 0; i < 100_000; i++) {
      kept += gate.lets(SecurityEvent.info(NOW, "kind" + i, null, "local"), NOW) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(256 + 100);
    assertThat(gate.end(NOW)).map(SecurityEvent::source).containsExactly("99644 other");
  }

  private int kept(int times, SecurityEvent event) {
    int kept = 0;
    for (int i = 0; i < times; i++) {
      kept += gate.lets(event, NOW) ? 1 : 0;
    }
    return kept;
  }

  private static SecurityEvent refused(Reason reason) {
    return new SecurityEvent(
        NOW,
        SecurityEvent.PEER_REFUSED,
        Severity.WARNING,
        Optional.empty(),
        "192.0.2.1:9",
        Optional.of(reason));
  }
}
