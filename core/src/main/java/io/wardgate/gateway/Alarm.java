// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Says when an alarm is due: at once, and then no more than once a minute, because alarms are never
 * suppressed and a device can cause them at will. Thread-safe.
 */
final class Alarm {

  static final Duration QUIET = Duration.ofMinutes(1);

  private final InstantSource clock;
  private Instant last = Instant.MIN;

  Alarm(InstantSource clock) {
    this.clock = clock;
  }

  synchronized boolean isDue() {
    Instant now = clock.instant();
    // A clock that was set back must not silence it.
    if (now.isBefore(last) || last.equals(Instant.MIN) || !now.isBefore(last.plus(QUIET))) {
      last = now;
      return true;
    }
    return false;
  }
}
