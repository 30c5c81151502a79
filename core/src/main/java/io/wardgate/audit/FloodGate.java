// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets {@value #KEPT} events of one kind and reason through at once, then one in thirty seconds,
 * and counts the rest: strangers cause events at will, and a trail of bounded size would lose its
 * evidence to them. At this pace one kind fills the trail in months, also for who stays just below
 * the limit. Alerts always pass. Not thread-safe.
 *
 * <p>How many were left out is told after ten seconds; while it goes on, after twice as long each
 * time, up to an hour.
 */
final class FloodGate {

  static final int KEPT = 100;
  static final Duration ONE_MORE_AFTER = Duration.ofSeconds(30);
  static final Duration TOLD_AFTER = Duration.ofSeconds(10);
  static final Duration TOLD_AFTER_AT_MOST = Duration.ofHours(1);

  /** More than the gateway has kinds times reasons of; what is beyond is counted as one kind. */
  private static final int MAX_KINDS = 256;

  private static final Kind BEYOND = new Kind("other", Optional.empty());

  private final Map<Kind, Count> counts = new LinkedHashMap<>();

  private record Kind(String kind, Optional<Reason> reason) {

    String named(long number) {
      return number + " " + kind + reason.map(known -> " " + known.code()).orElse("");
    }
  }

  private static final class Count {
    private int kept;
    private Instant keptAsOf;
    private long suppressed;
    private Instant suppressedSince = Instant.MIN;
    private Duration toldAfter = TOLD_AFTER;

    Count(Instant now) {
      this.keptAsOf = now;
    }

    /** Forgets one for each thirty seconds; a clock that was set back gives nothing. */
    void forget(Instant now) {
      if (now.isBefore(keptAsOf)) {
        keptAsOf = now;
      }
      long spans = Duration.between(keptAsOf, now).dividedBy(ONE_MORE_AFTER);
      kept = (int) Math.max(0, kept - spans);
      keptAsOf = keptAsOf.plus(ONE_MORE_AFTER.multipliedBy(spans));
    }

    boolean isIdle() {
      return kept == 0 && suppressed == 0;
    }

    /** Also if the clock was set back meanwhile. */
    boolean isDue(Instant now) {
      return suppressed > 0
          && (now.isBefore(suppressedSince) || !now.isBefore(suppressedSince.plus(toldAfter)));
    }

    void told() {
      suppressed = 0;
      Duration twice = toldAfter.multipliedBy(2);
      toldAfter = twice.compareTo(TOLD_AFTER_AT_MOST) < 0 ? twice : TOLD_AFTER_AT_MOST;
    }
  }

  /** Whether {@code event} is to be kept; if not, it was counted. */
  boolean lets(SecurityEvent event, Instant now) {
    if (event.severity() == Severity.ALERT) {
      return true;
    }
    Kind kind = new Kind(event.kind(), event.reason());
    Count count =
        counts.computeIfAbsent(
            counts.size() < MAX_KINDS || counts.containsKey(kind) ? kind : BEYOND,
            k -> new Count(now));
    count.forget(now);
    if (count.kept < KEPT) {
      count.kept++;
      return true;
    }
    if (count.suppressed == 0) {
      count.suppressedSince = now;
    }
    count.suppressed++;
    return false;
  }

  /** What was left out and is to be told by now, an event for each kind. */
  List<SecurityEvent> due(Instant now) {
    List<SecurityEvent> due = tell(now, false);
    counts.values().forEach(count -> count.forget(now));
    counts.values().removeIf(Count::isIdle);
    return due;
  }

  /** All that was left out and not told yet. */
  List<SecurityEvent> rest(Instant now) {
    return tell(now, true);
  }

  /** Whether anything was left out that was not told yet. */
  boolean holdsBack() {
    return counts.values().stream().anyMatch(count -> count.suppressed > 0);
  }

  private List<SecurityEvent> tell(Instant now, boolean all) {
    List<SecurityEvent> told = new ArrayList<>();
    counts.forEach(
        (kind, count) -> {
          if (count.isDue(now) || (all && count.suppressed > 0)) {
            told.add(event(kind.named(count.suppressed), now));
            count.told();
          }
        });
    return told;
  }

  private static SecurityEvent event(String source, Instant now) {
    return new SecurityEvent(
        now,
        SecurityEvent.EVENTS_SUPPRESSED,
        Severity.WARNING,
        Optional.empty(),
        source,
        Optional.empty());
  }
}
