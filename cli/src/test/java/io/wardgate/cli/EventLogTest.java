// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final List<String> told = new ArrayList<>();
  private final EventLog log = new EventLog(told::add);

  @Test
  void ordinaryEventsAreNotTold() {
    log.accept(SecurityEvent.info(NOW, SecurityEvent.SESSION_OPENED, null, "local"));

    assertThat(told).isEmpty();
  }

  @Test
  void aFloodOfRefusalsIsToldInFewLines() {
    for (int i = 0; i < 1000; i++) {
      log.accept(refusal(NOW));
    }
    assertThat(told).hasSize(EventLog.MAX_PER_WINDOW);

    log.accept(refusal(NOW.plus(Duration.ofSeconds(11))));
    assertThat(told).endsWith("and 980 more", "peer-refused 192.0.2.1:5684 - unknown-authority");
  }

  @Test
  void aFloodHidesNoAlert() {
    for (int i = 0; i < 1000; i++) {
      log.accept(refusal(NOW));
    }
    log.accept(
        SecurityEvent.alert(NOW, SecurityEvent.STATE_DAMAGED, "ledger", Reason.STATE_DAMAGED));
    assertThat(told).last().isEqualTo("state-damaged ledger - state-damaged");
  }

  @Test
  void aClockThatIsSetBackSilencesNothing() {
    for (int i = 0; i < 1000; i++) {
      log.accept(refusal(NOW));
    }
    log.accept(refusal(NOW.minus(Duration.ofDays(365))));
    assertThat(told).endsWith("and 980 more", "peer-refused 192.0.2.1:5684 - unknown-authority");
  }

  private static SecurityEvent refusal(Instant at) {
    return SecurityEvent.refusal(
        at, SecurityEvent.PEER_REFUSED, null, "192.0.2.1:5684", Reason.UNKNOWN_AUTHORITY);
  }
}
