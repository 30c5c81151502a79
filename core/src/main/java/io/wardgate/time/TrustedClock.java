// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock that says how far it may be believed, for gateways that may wake up without one.
 *
 * <p>It follows the system's clock and checks it against a bound that only rises, kept over
 * restarts, with the time that has passed since by a clock nobody sets. Behind the bound, or
 * further ahead of it than {@link #LONGEST_STEP}, the system's clock is not believed, and the bound
 * is all that is known until somebody {@link #sync syncs} it or the system's clock comes to its
 * senses. The bound itself follows a clock that leapt ahead by {@link #LONGEST_RISE} at a time and
 * no faster, so that a leap that is taken back has locked nobody out for long. What each state
 * means for certificates stands in {@code docs/clock.md}. Thread-safe; a reading takes no lock and
 * does no I/O.
 */
public final class TrustedClock {

  /** Longer than a gateway lies in store; a leap beyond is a fault or an attack. */
  public static final Duration LONGEST_STEP = Duration.ofDays(400);

  /** The same for a gateway that was never on: nobody runs software this old for the first time. */
  public static final Duration LONGEST_FIRST_STEP = Duration.ofDays(3653);

  /** A second here and there is what setting a clock does. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** How often the bound rises and is written down. */
  public static final Duration KEPT_EVERY = Duration.ofHours(1);

  /**
   * How far beyond the time that passed it rises then: a gateway that is on for an hour a week
   * keeps up, and a wrong hour costs two weeks at most.
   */
  public static final Duration LONGEST_RISE = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class.getPackageName());

  private final InstantSource system;
  private final LongSupplier nanos;
  private final TimeFloor floor;
  private final Executor background;
  private final Consumer<ClockState> listener;
  private final boolean byDecree;

  /** Replaced as a whole, so that a reading sees one. */
  private volatile Known known;

  /** An instant, and when that was by the clock nobody sets. */
  private record Mark(Instant instant, long at) {

    Instant after(long now) {
      return instant.plusNanos(now - at);
    }
  }

  /**
   * What is known for sure.
   *
   * @param bound it was at least this late
   * @param isSet whether that is more than the time of the build
   * @param isFresh whether the bound has not risen since the start
   * @param synced what somebody said who may; counts instead of the system's clock, until that
   *     agrees
   * @param told what the listener was told last
   */
  private record Known(
      Mark bound, boolean isSet, boolean isFresh, Optional<Mark> synced, ClockState told) {}

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
    Mark bound = new Mark(last.isAfter(builtAt) ? last : builtAt, nanos.getAsLong());
    return new TrustedClock(
        system,
        nanos,
        floor,
        background,
        listener,
        false,
        new Known(bound, kept.isPresent(), true, Optional.empty(), ClockState.SYNCED));
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
        new Known(new Mark(Instant.EPOCH, 0), false, true, Optional.empty(), ClockState.SYNCED));
  }

  /** What it knows now. */
  public ClockReading read() {
    if (byDecree) {
      return ClockReading.synced(system.instant());
    }
    Known current = known;
    long now = nanos.getAsLong();
    Instant says = system.instant();
    Optional<Instant> synced = current.synced().map(mark -> mark.after(now));
    boolean agrees = synced.filter(instant -> agree(says, instant)).isPresent();
    ClockReading reading = judge(current, now, agrees ? says : synced.orElse(says));
    if (agrees || reading.state() != current.told() || isToRise(current, now, reading)) {
      note(now, reading, agrees ? current.synced() : Optional.empty());
    }
    return reading;
  }

  private static boolean agree(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(TOLERANCE) <= 0;
  }

  private static ClockReading judge(Known current, long now, Instant claimed) {
    Instant earliest = current.bound().after(now);
    Duration longest = current.isSet() ? LONGEST_STEP : LONGEST_FIRST_STEP;
    boolean isBehind = claimed.isBefore(earliest.minus(TOLERANCE));
    boolean isFarAhead = claimed.isAfter(earliest.plus(longest));
    if (!isBehind && !isFarAhead) {
      return ClockReading.synced(claimed);
    }
    return new ClockReading(current.isSet() ? ClockState.LOWER_BOUND : ClockState.UNSET, earliest);
  }

  private static boolean isToRise(Known current, long now, ClockReading reading) {
    return reading.state() == ClockState.SYNCED
        && (current.isFresh() || now - current.bound().at() >= KEPT_EVERY.toNanos());
  }

  /**
   * Sets it by an authenticated source.
   *
   * @throws WardgateException {@link Reason#TIME_NOT_BELIEVED} if that would be before the bound,
   *     or further ahead of it than {@link #LONGEST_STEP}: no source is believed that much
   */
  public synchronized void sync(Instant time) throws WardgateException {
    Known before = known;
    long now = nanos.getAsLong();
    if (judge(before, now, time).state() != ClockState.SYNCED) {
      throw new WardgateException(
          Reason.TIME_NOT_BELIEVED,
          time + ", and it is " + before.bound().after(now) + " at least");
    }
    Mark mark = new Mark(time, now);
    // Somebody vouches for it: the bound need not wait.
    Mark bound = time.isAfter(before.bound().after(now)) ? mark : before.bound();
    known = new Known(bound, true, false, Optional.of(mark), ClockState.SYNCED);
    background.execute(() -> keep(bound.instant()));
    if (before.told() != ClockState.SYNCED) {
      listener.accept(ClockState.SYNCED);
    }
  }

  /** Writes down how late it is, at the end. */
  public void close() {
    ClockReading last = read();
    if (!byDecree && last.state() == ClockState.SYNCED) {
      Instant earliest = known.bound().after(nanos.getAsLong());
      keep(last.instant().isBefore(earliest) ? last.instant() : earliest);
    }
  }

  /**
   * Takes note.
   *
   * @param agreed what was synced and the system's clock says by itself now
   */
  private synchronized void note(long now, ClockReading reading, Optional<Mark> agreed) {
    Known before = known;
    Mark bound = before.bound();
    boolean isRising = isToRise(before, now, reading);
    if (isRising) {
      bound = new Mark(risen(before, now, reading.instant()), now);
    }
    known =
        new Known(
            bound,
            before.isSet() || isRising,
            before.isFresh() && !isRising,
            before.synced().equals(agreed) ? Optional.empty() : before.synced(),
            reading.state());
    if (isRising) {
      Instant kept = bound.instant();
      background.execute(() -> keep(kept));
    }
    if (reading.state() != before.told()) {
      listener.accept(reading.state());
    }
  }

  /** The first time that is ever believed is all there is to go by; later ones are followed. */
  private static Instant risen(Known before, long now, Instant time) {
    Instant earliest = before.bound().after(now);
    Instant most = before.isSet() ? earliest.plus(LONGEST_RISE) : time;
    Instant next = time.isAfter(most) ? most : time;
    return next.isAfter(earliest) ? next : earliest;
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
