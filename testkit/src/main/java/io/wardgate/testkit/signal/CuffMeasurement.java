// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A blood pressure cuff: one measurement in mmHg at every interval, each taking the time the cuff
 * needs to inflate and deflate.
 *
 * <p>The first measurement begins at once. Pressure wanders over minutes to hours by some 8 mmHg
 * and differs by a few between measurements; pulse is 55 to 95 beats/min. Systolic stays within 85
 * to 190, diastolic within 45 to 125 mmHg.
 */
public final class CuffMeasurement {

  /**
   * What a completed measurement found.
   *
   * @param at when it was complete, since the start
   * @param systolic in mmHg
   * @param diastolic in mmHg
   * @param mean in mmHg
   * @param pulseRate in beats/min
   */
  public record Result(
      Duration at, double systolic, double diastolic, double mean, double pulseRate) {}

  /** A cuff needs up to 45 seconds, and the arm a rest. */
  public static final Duration SHORTEST_INTERVAL = Duration.ofMinutes(1);

  private static final Duration STEP = Duration.ofSeconds(1);

  private final Draws draws;
  private final Drift drift;
  private final double restingSystolic;
  private final double ratio;
  private final double restingPulse;
  private final Range cuffSeconds;
  private final long intervalSeconds;
  private final Steps steps = new Steps(STEP);

  private long beginsAt;
  private long endsAt;

  private CuffMeasurement(long seed, Duration interval, Range cuffSeconds) {
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "a cuff every " + interval + " is more than one every " + SHORTEST_INTERVAL);
    }
    this.draws = new Draws(seed).branch("cuff");
    this.restingSystolic = draws.between(108, 152);
    this.ratio = draws.between(0.6, 0.66);
    this.restingPulse = draws.between(62, 84);
    this.drift = new Drift(draws, new Range(600, 10_800));
    this.cuffSeconds = cuffSeconds;
    this.intervalSeconds = interval.toSeconds();
    this.endsAt = (long) cuffSeconds.draw(draws);
  }

  /**
   * A cuff for home use, 25 to 45 seconds on the arm.
   *
   * @throws IllegalArgumentException if the interval is below {@link #SHORTEST_INTERVAL}
   */
  public static CuffMeasurement atHome(long seed, Duration interval) {
    return new CuffMeasurement(seed, interval, new Range(25, 46));
  }

  /**
   * The quick cuff of a transport monitor, 14 to 24 seconds on the arm.
   *
   * @throws IllegalArgumentException if the interval is below {@link #SHORTEST_INTERVAL}
   */
  public static CuffMeasurement inTransport(long seed, Duration interval) {
    return new CuffMeasurement(seed, interval, new Range(14, 25));
  }

  /** The measurements that are completed in the time that passes. */
  public List<Result> advance(Duration elapsed) {
    List<Result> results = new ArrayList<>();
    for (long left = steps.in(elapsed); left > 0; left--) {
      step(steps.next()).ifPresent(results::add);
    }
    return results;
  }

  private Optional<Result> step(Duration now) {
    if (now.toSeconds() < endsAt) {
      return Optional.empty();
    }
    beginsAt += intervalSeconds;
    endsAt = beginsAt + (long) cuffSeconds.draw(draws);
    double seconds = Steps.seconds(now);
    double systolic = restingSystolic + 8 * drift.at(seconds) + 2.5 * draws.normal();
    double diastolic = systolic * ratio + 1.2 * draws.normal();
    return Optional.of(
        new Result(
            now,
            systolic,
            diastolic,
            diastolic + (systolic - diastolic) / 3,
            restingPulse + 5 * drift.at(seconds + 300) + draws.normal()));
  }
}
