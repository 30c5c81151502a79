// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;

/**
 * Warnings that a peer may cause at will, cut to one in ten seconds, with a count of those left
 * out: a log that fills the disk stops a gateway as surely as an attack on it. Thread-safe.
 */
final class RareLog {

  private static final Duration EVERY = Duration.ofSeconds(10);

  private final Logger log;
  private final InstantSource clock;
  private Instant next = Instant.MIN;
  private long leftOut;

  RareLog(Logger log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  /** Logs the line, or counts it. */
  synchronized void warn(String format, Object... arguments) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      leftOut++;
      return;
    }
    next = now.plus(EVERY);
    log.warn(format, arguments);
    if (leftOut > 0) {
      log.warn("{} lines like this were left out before it", leftOut);
      leftOut = 0;
    }
  }
}
