// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever watches stderr what was refused and why; at most {@value #MAX_PER_WINDOW} lines in
 * ten seconds, then only alerts and how many more, because strangers cause them. Called by one
 * thread.
 */
final class EventLog implements Consumer<SecurityEvent> {

  static final int MAX_PER_WINDOW = 20;

  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class.getPackageName());
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final Consumer<String> tell;
  private Instant windowEnd = Instant.MIN;
  private int told;
  private int kept;

  /** Tells by the logger of this package. */
  EventLog() {
    this(LOG::warn);
  }

  EventLog(Consumer<String> tell) {
    this.tell = tell;
  }

  @Override
  public void accept(SecurityEvent event) {
    if (event.severity() == SecurityEvent.Severity.INFO) {
      return;
    }
    // Also if the clock was set back: else nothing would be told until it has caught up.
    if (event.at().isAfter(windowEnd) || event.at().plus(WINDOW).isBefore(windowEnd)) {
      if (kept > 0) {
        tell.accept("and " + kept + " more");
      }
      windowEnd = event.at().plus(WINDOW);
      told = 0;
      kept = 0;
    }
    boolean isAlert = event.severity() == SecurityEvent.Severity.ALERT;
    if (told >= MAX_PER_WINDOW && !isAlert) {
      kept++;
      return;
    }
    told++;
    tell.accept(
        String.join(
            " ",
            event.kind(),
            event.source(),
            event.device().map(Object::toString).orElse("-"),
            event.reason().map(Reason::code).orElse("-")));
  }
}
