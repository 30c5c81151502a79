// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.Draws;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A sensor that does not exist: given a kind and a seed, what it measures as time passes.
 *
 * <p>Time is what the caller says has passed; no clock is read. The same kind, seed and factor give
 * the same samples on every JDK, however the time is divided into calls. Not thread-safe.
 */
public final class SimulatedSensor {

  /** The most simulated time one call may ask for; a day of bedside waves is 400 MB. */
  public static final Duration LONGEST_ADVANCE = Duration.ofDays(1);

  /** At this factor a simulated day passes in nine seconds; more shows nothing new. */
  public static final int LARGEST_TIME_FACTOR = 10_000;

  private final SensorKind kind;
  private final long seed;
  private final int timeFactor;
  private final Source source;
  private Duration simulated = Duration.ZERO;
  private long second;

  private SimulatedSensor(SensorKind kind, long seed, int timeFactor) {
    this.kind = kind;
    this.seed = seed;
    this.timeFactor = timeFactor;
    this.source = kind.source(new Draws(seed).seedFor(kind.id()));
  }

  /** The sensor of this kind and seed, at its start, in real time. */
  public static SimulatedSensor of(SensorKind kind, long seed) {
    return new SimulatedSensor(kind, seed, 1);
  }

  /**
   * The same sensor, at its start, living this many times faster than its caller: a glucose sensor
   * at 300 measures once a second. Samples are dated in the caller's time; the period of a waveform
   * stays the one of the body.
   *
   * @throws IllegalArgumentException if the factor is not 1 to {@link #LARGEST_TIME_FACTOR}
   */
  public SimulatedSensor hurriedBy(int factor) {
    if (factor < 1 || factor > LARGEST_TIME_FACTOR) {
      throw new IllegalArgumentException(
          "a time factor of " + factor + " is not 1 to " + LARGEST_TIME_FACTOR);
    }
    return new SimulatedSensor(kind, seed, factor);
  }

  /** What it is. */
  public SensorKind kind() {
    return kind;
  }

  /**
   * What the sensor measures while this time passes, oldest first.
   *
   * @throws IllegalArgumentException if the time is negative, or is more than {@link
   *     #LONGEST_ADVANCE} of simulated time
   */
  public List<Sample> advance(Duration elapsed) {
    Duration more = elapsed.multipliedBy(timeFactor);
    if (more.isNegative() || more.compareTo(LONGEST_ADVANCE) > 0) {
      throw new IllegalArgumentException(
          "an advance by " + more + " is not within 0 to " + LONGEST_ADVANCE);
    }
    simulated = simulated.plus(more);
    List<Sample> samples = new ArrayList<>();
    while (second < simulated.toSeconds()) {
      Duration begin = callers(second);
      second++;
      Report report = new Report(begin, callers(second));
      source.second(second, report);
      samples.addAll(report.samples());
    }
    return samples;
  }

  private Duration callers(long simulatedSecond) {
    return Duration.ofSeconds(simulatedSecond).dividedBy(timeFactor);
  }
}
