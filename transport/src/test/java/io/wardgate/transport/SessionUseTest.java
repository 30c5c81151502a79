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
  private final SessionUse use = SessionUse.begins(nanos::get);

  @Test
  void goesOnToItsLastMoment() {
    SessionUse old = SessionUse.resumed(nanos::get, HOUR.minus(LIMITS.silence()));
    nanos.addAndGet(LIMITS.silence().toNanos());
    for (int i = 0; i < LIMITS.records(); i++) {
      old.record();
    }
    assertThat(old.age()).isEqualTo(HOUR);
    assertThat(old.request(LIMITS)).isEmpty();
  }

  @Test
  void endsByAge() {
    assertThat(SessionUse.resumed(nanos::get, HOUR).request(LIMITS)).isEmpty();
    assertThat(SessionUse.resumed(nanos::get, HOUR.plusNanos(1)).request(LIMITS))
        .contains(Reason.SESSION_TOO_OLD);
    assertThat(SessionUse.restored(nanos::get, HOUR.plusNanos(1), 0, nanos.get()).request(LIMITS))
        .contains(Reason.SESSION_TOO_OLD);
  }

  @Test
  void endsBySilenceBetweenTwoRequests() {
    assertThat(use.request(LIMITS)).isEmpty();
    nanos.addAndGet(LIMITS.silence().toNanos());
    assertThat(use.request(LIMITS)).isEmpty();
    nanos.addAndGet(LIMITS.silence().toNanos() + 1);
    assertThat(use.request(LIMITS)).contains(Reason.SESSION_IDLE_TOO_LONG);
  }

  @Test
  void forgeriesDoNotCountAsItsRecords() {
    for (int i = 0; i <= LIMITS.records(); i++) {
      use.forgery();
    }
    assertThat(use.request(LIMITS)).isEmpty();
    for (long i = 0; i <= SessionLimits.MAX_RECORDS; i++) {
      use.forgery();
    }
    assertThat(use.request(LIMITS)).contains(Reason.SESSION_RECORDS_SPENT);
  }

  @Test
  void onceBeyondALimitItStaysThere() {
    nanos.addAndGet(LIMITS.silence().toNanos() + 1);
    for (int i = 0; i < 3; i++) {
      assertThat(use.request(LIMITS)).contains(Reason.SESSION_IDLE_TOO_LONG);
    }
  }

  @Test
  void silenceCountsThroughARestart() {
    long last = nanos.get() - LIMITS.silence().toNanos() - 1;
    assertThat(SessionUse.restored(nanos::get, Duration.ZERO, 0, last).request(LIMITS))
        .contains(Reason.SESSION_IDLE_TOO_LONG);
  }

  @Test
  void endsByTheRecordsItCarried() {
    for (int i = 0; i <= LIMITS.records(); i++) {
      use.record();
    }
    assertThat(use.request(LIMITS)).contains(Reason.SESSION_RECORDS_SPENT);
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
