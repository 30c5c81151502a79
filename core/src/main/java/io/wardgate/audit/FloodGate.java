// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.DeviceId;
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
 * Lets {@value #KEPT} events through at once, then one in thirty seconds, and counts the rest: of
 * strangers for each kind and reason, of a device that proved itself for each kind. Who causes
 * events at will would else drive older evidence out of a trail of bounded size; and no device uses
 * up what is kept of another. At this pace one fills the trail in months, also just below the
 * limit. Alerts always pass. Not thread-safe.
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

  /** Four kinds of all devices a gateway has room for. */
  private static final int MAX_KINDS_OF_DEVICES = 8192;

  /** Of devices beyond these: a ward that reconnects must stand in the trail. */
  private static final Duration ONE_MORE_OF_MANY_AFTER = Duration.ofMillis(100);

  private static final Duration SWEPT_AFTER = Duration.ofSeconds(1);

  private static final Kind OTHER = new Kind("other", Optional.empty(), Optional.empty());
  private static final Kind OTHER_OF_DEVICES =
      new Kind("other of devices", Optional.empty(), Optional.empty());

  private final Map<Kind, Count> ofStrangers = new LinkedHashMap<>();
  private final Map<Kind, Count> ofDevices = new LinkedHashMap<>();

  /** Those of which something was left out that was not told yet. */
  private final Map<Kind, Count> heldBack = new LinkedHashMap<>();

  private Instant swept = Instant.MIN;

  private record Kind(String kind, Optional<Reason> reason, Optional<DeviceId> device) {

    static Kind of(SecurityEvent event) {
      return event.device().isPresent()
          ? new Kind(event.kind(), Optional.empty(), event.device())
          : new Kind(event.kind(), event.reason(), Optional.empty());
    }

    Duration oneMoreAfter() {
      return equals(OTHER_OF_DEVICES) ? ONE_MORE_OF_MANY_AFTER : ONE_MORE_AFTER;
    }

    String named(long number) {
      return number
          + " "
          + kind
          + reason.map(known -> " " + known.code()).orElse("")
          + device.map(known -> " of " + known).orElse("");
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

    /** Forgets one each time one more may come; a clock that was set back gives nothing. */
    void forget(Instant now, Duration oneMoreAfter) {
      if (now.isBefore(keptAsOf)) {
        keptAsOf = now;
      }
      long spans = Duration.between(keptAsOf, now).dividedBy(oneMoreAfter);
      kept = (int) Math.max(0, kept - spans);
      keptAsOf = keptAsOf.plus(oneMoreAfter.multipliedBy(spans));
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
    Kind kind = Kind.of(event);
    boolean isOfDevice = kind.device().isPresent();
    Map<Kind, Count> counts = isOfDevice ? ofDevices : ofStrangers;
    int most = isOfDevice ? MAX_KINDS_OF_DEVICES : MAX_KINDS;
    if (counts.size() >= most && !counts.containsKey(kind)) {
      kind = isOfDevice ? OTHER_OF_DEVICES : OTHER;
    }
    Count count = counts.computeIfAbsent(kind, k -> new Count(now));
    count.forget(now, kind.oneMoreAfter());
    if (count.kept < KEPT) {
      count.kept++;
      return true;
    }
    if (count.suppressed == 0) {
      count.suppressedSince = now;
      heldBack.put(kind, count);
    }
    count.suppressed++;
    return false;
  }

  /** What was left out and is to be told by now, an event for each kind. */
  List<SecurityEvent> due(Instant now) {
    List<SecurityEvent> due = tell(now, false);
    // Looking through all of them for each event would be a flood of its own.
    if (now.isBefore(swept) || !now.isBefore(swept.plus(SWEPT_AFTER))) {
      swept = now;
      sweep(ofStrangers, now);
      sweep(ofDevices, now);
    }
    return due;
  }

  private static void sweep(Map<Kind, Count> counts, Instant now) {
    counts.forEach((kind, count) -> count.forget(now, kind.oneMoreAfter()));
    counts.values().removeIf(Count::isIdle);
  }

  /** All that was left out and not told yet. */
  List<SecurityEvent> rest(Instant now) {
    return tell(now, true);
  }

  /** Whether anything was left out that was not told yet. */
  boolean holdsBack() {
    return !heldBack.isEmpty();
  }

  private List<SecurityEvent> tell(Instant now, boolean all) {
    List<SecurityEvent> told = new ArrayList<>();
    heldBack.forEach(
        (kind, count) -> {
          if (all || count.isDue(now)) {
            told.add(event(kind.named(count.suppressed), now));
            count.told();
          }
        });
    heldBack.values().removeIf(count -> count.suppressed == 0);
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
