// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the first {@value #KEPT} events of one kind and reason through in ten seconds and counts the
 * rest: strangers cause events at will, and a trail of bounded size would lose its evidence to
 * them. Alerts always pass. Not thread-safe.
 */
final class FloodGate {

  static final int KEPT = 100;
  static final Duration WINDOW = Duration.ofSeconds(10);

  /** More than the gateway has kinds times reasons of; what is beyond is counted as one kind. */
  private static final int MAX_KINDS = 256;

  private static final Kind BEYOND = new Kind("other", Optional.empty());

  private final Map<Kind, Count> counts = new LinkedHashMap<>();
  private Instant start = Instant.MIN;

  private record Kind(String kind, Optional<Reason> reason) {

    String named(long number) {
      return number + " " + kind + reason.map(known -> " " + known.code()).orElse("");
    }
  }

  private static final class Count {
    private int kept;
    private long suppressed;
  }

  /** Whether {@code event} is to be kept; if not, it was counted. */
  boolean lets(SecurityEvent event, Instant now) {
    if (event.severity() == Severity.ALERT) {
      return true;
    }
    if (counts.isEmpty()) {
      start = now;
    }
    Kind kind = new Kind(event.kind(), event.reason());
    Count count =
        counts.computeIfAbsent(
            counts.size() < MAX_KINDS || counts.containsKey(kind) ? kind : BEYOND,
            k -> new Count());
    if (count.kept < KEPT) {
      count.kept++;
      return true;
    }
    count.suppressed++;
    return false;
  }

  /** Whether the window has ended; also if the clock was set back before its beginning. */
  boolean isOver(Instant now) {
    return !counts.isEmpty() && (now.isBefore(start) || !now.isBefore(start.plus(WINDOW)));
  }

  /** Ends the window: what was left out in it, an event for each kind. */
  List<SecurityEvent> end(Instant now) {
    List<SecurityEvent> left =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue().suppressed > 0)
            .map(entry -> told(entry.getKey().named(entry.getValue().suppressed), now))
            .toList();
    counts.clear();
    return left;
  }

  private static SecurityEvent told(String source, Instant now) {
    return new SecurityEvent(
        now,
        SecurityEvent.EVENTS_SUPPRESSED,
        Severity.WARNING,
        Optional.empty(),
        source,
        Optional.empty());
  }
}
