// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a session has gone on for long enough. */
class SessionUseTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final SessionLimits LIMITS = new SessionLimits(HOUR, Duration.ofMinutes(10), 16);

  private final AtomicLong nanos = new AtomicLong(-5);
  private final SessionUse use = new SessionUse(nanos::get);

  @Test
  void goesOnToItsLastMoment() {
    nanos.addAndGet(LIMITS.silence().toNanos());
    for (int i = 0; i < LIMITS.records(); i++) {
      use.record();
    }
    assertThat(use.request(LIMITS, HOUR)).isEmpty();
  }

  @Test
  void endsByAge() {
    assertThat(use.request(LIMITS, HOUR.plusMillis(1))).contains(Reason.SESSION_TOO_OLD);
  }

  @Test
  void isNoYoungerByAClockThatWasSetBack() {
    assertThat(use.request(LIMITS, Duration.ofMillis(-1))).contains(Reason.SESSION_TOO_OLD);
  }

  @Test
  void endsBySilenceBetweenTwoRequests() {
    assertThat(use.request(LIMITS, HOUR)).isEmpty();
    nanos.addAndGet(LIMITS.silence().toNanos());
    assertThat(use.request(LIMITS, HOUR)).isEmpty();
    nanos.addAndGet(LIMITS.silence().toNanos() + 1);
    assertThat(use.request(LIMITS, HOUR)).contains(Reason.SESSION_IDLE_TOO_LONG);
  }

  @Test
  void endsByTheRecordsItCarried() {
    for (int i = 0; i <= LIMITS.records(); i++) {
      use.record();
    }
    assertThat(use.request(LIMITS, HOUR)).contains(Reason.SESSION_RECORDS_SPENT);
  }

  @Test
  void limitsHaveLimits() {
    assertThatThrownBy(() -> new SessionLimits(Duration.ofSeconds(59), HOUR, 16))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SessionLimits(HOUR, Duration.ofDays(367), 16))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SessionLimits(HOUR, HOUR, SessionLimits.MAX_RECORDS + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SessionLimits(HOUR, HOUR, 15))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
