// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock that says how far it may be believed, for gateways that may wake up without one.
 *
 * <p>It follows the system's clock and checks it against a bound that only rises: the latest time
 * that was ever believed, kept over restarts, with the time that has passed since by a clock nobody
 * sets. Behind the bound, or further ahead of it than {@link #LONGEST_STEP}, the system's clock is
 * not believed, and the bound is all that is known until somebody {@link #sync syncs} it or the
 * system's clock comes to its senses. What each state means for certificates stands in {@code
 * docs/clock.md}. Thread-safe; a reading takes no lock and does no I/O.
 */
public final class TrustedClock {

  /** Longer than a gateway lies in store; a leap beyond is a fault or an attack. */
  public static final Duration LONGEST_STEP = Duration.ofDays(400);

  /** A second here and there is what setting a clock does. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** How often the bound is written down while it rises. */
  public static final Duration KEPT_EVERY = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class.getPackageName());

  private final InstantSource system;
  private final LongSupplier nanos;
  private final TimeFloor floor;
  private final Executor background;
  private final Consumer<ClockState> listener;
  private final boolean byDecree;

  /** Replaced as a whole, so that a reading sees one. */
  private volatile Known known;

  /**
   * What is known for sure.
   *
   * @param bound it was at least this late
   * @param at when that was so, by the clock nobody sets
   * @param isSet whether {@code bound} is more than the time of the build
   * @param shift what to add to the system's clock since somebody synced it
   * @param told what the listener was told last
   * @param kept the bound as it was last written down
   */
  private record Known(
      Instant bound, long at, boolean isSet, Duration shift, ClockState told, Instant kept) {}

  private TrustedClock(
      InstantSource system,
      LongSupplier nanos,
      TimeFloor floor,
      Executor background,
      Consumer<ClockState> listener,
      boolean byDecree,
      Known known) {
    this.system = system;
    this.nanos = nanos;
    this.floor = floor;
    this.background = background;
    this.listener = listener;
    this.byDecree = byDecree;
    this.known = known;
  }

  /**
   * A clock over the system's.
   *
   * @param nanos a clock that only goes forward while the process runs, {@code System::nanoTime}
   * @param builtAt no real time is before the software was built
   * @param floor where the bound is kept
   * @param background where the bound is written down, once in {@link #KEPT_EVERY}
   * @param listener is told each change of state, on the thread that notices it
   * @throws IOException if the bound cannot be read
   */
  public static TrustedClock following(
      InstantSource system,
      LongSupplier nanos,
      Instant builtAt,
      TimeFloor floor,
      Executor background,
      Consumer<ClockState> listener)
      throws IOException {
    OptionalLong kept = floor.epochSecond();
    Instant last = kept.isPresent() ? Instant.ofEpochSecond(kept.getAsLong()) : Instant.MIN;
    Instant bound = last.isAfter(builtAt) ? last : builtAt;
    return new TrustedClock(
        system,
        nanos,
        floor,
        background,
        listener,
        false,
        new Known(
            bound, nanos.getAsLong(), kept.isPresent(), Duration.ZERO, ClockState.SYNCED, last));
  }

  /** A clock that is right by decree: for tests, and where something else vouches for the time. */
  public static TrustedClock synced(InstantSource clock) {
    return new TrustedClock(
        clock,
        () -> 0,
        TimeFloor.inMemory(),
        Runnable::run,
        state -> {},
        true,
        new Known(Instant.EPOCH, 0, false, Duration.ZERO, ClockState.SYNCED, Instant.EPOCH));
  }

  /** What it knows now. */
  public ClockReading read() {
    if (byDecree) {
      return ClockReading.synced(system.instant());
    }
    Known current = known;
    ClockReading reading = judge(current, system.instant().plus(current.shift()));
    if (reading.state() != current.told() || isWorthKeeping(current, reading)) {
      note(reading);
    }
    return reading;
  }

  private Instant earliest(Known current) {
    return current.bound().plusNanos(nanos.getAsLong() - current.at());
  }

  private ClockReading judge(Known current, Instant claimed) {
    Instant earliest = earliest(current);
    boolean isBehind = claimed.isBefore(earliest.minus(TOLERANCE));
    boolean isFarAhead = current.isSet() && claimed.isAfter(earliest.plus(LONGEST_STEP));
    if (!isBehind && !isFarAhead) {
      return ClockReading.synced(claimed);
    }
    return new ClockReading(current.isSet() ? ClockState.LOWER_BOUND : ClockState.UNSET, earliest);
  }

  private static boolean isWorthKeeping(Known current, ClockReading reading) {
    return reading.state() == ClockState.SYNCED
        && (current.kept().equals(Instant.MIN)
            || !reading.instant().isBefore(current.kept().plus(KEPT_EVERY)));
  }

  /**
   * Sets it by an authenticated source.
   *
   * @throws WardgateException {@link Reason#TIME_NOT_BELIEVED} if that would be before the bound,
   *     or further ahead of it than {@link #LONGEST_STEP}: no source is believed that much
   */
  public synchronized void sync(Instant time) throws WardgateException {
    if (judge(known, time).state() != ClockState.SYNCED) {
      throw new WardgateException(
          Reason.TIME_NOT_BELIEVED, time + ", and it is " + earliest(known) + " at least");
    }
    Known before = known;
    Duration shift = Duration.between(system.instant(), time);
    known =
        new Known(before.bound(), before.at(), before.isSet(), shift, before.told(), before.kept());
    note(ClockReading.synced(time));
  }

  /** Writes down how late it is, at the end. */
  public void close() {
    ClockReading last = read();
    if (!byDecree && last.state() == ClockState.SYNCED) {
      keep(last.instant());
    }
  }

  private synchronized void note(ClockReading reading) {
    Known before = known;
    boolean isKept = isWorthKeeping(before, reading);
    boolean isLater = isKept && reading.instant().isAfter(earliest(before));
    known =
        new Known(
            isLater ? reading.instant() : before.bound(),
            isLater ? nanos.getAsLong() : before.at(),
            before.isSet() || isKept,
            before.shift(),
            reading.state(),
            isKept ? reading.instant() : before.kept());
    if (isKept) {
      background.execute(() -> keep(reading.instant()));
    }
    if (reading.state() != before.told()) {
      listener.accept(reading.state());
    }
  }

  private void keep(Instant time) {
    try {
      floor.raise(time.getEpochSecond());
    } catch (IOException e) {
      // It is no worse for it now; a restart knows an earlier bound.
      LOG.warn("how late it is could not be kept", e);
    }
  }
}
