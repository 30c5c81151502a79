// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;
import java.time.Duration;

/**
 * Body temperature in degrees Celsius and respiration rate in breaths/min of a patient in bed.
 *
 * <p>Temperature follows the day by a quarter of a degree. In a fever (the first begins within two
 * hours) the set point jumps to 38.4 to 40.0; the body follows with a time constant of 25 minutes
 * and loses the fever with one of 60. Breathing rises by three a minute with each degree.
 * Temperature stays within 36 to 40.5, respiration within 9 to 32.
 */
public final class FeverSignal {

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final double RISE_SECONDS = 25 * 60;
  private static final double FALL_SECONDS = 60 * 60;
  private static final double DAY_SECONDS = 24 * 3600;

  private final double restingTemperature;
  private final double restingRespiration;
  private final double bedtime;
  private final Drift breathing;
  private final Episodes fever;
  private final Steps steps = new Steps(STEP);

  private double now;
  private double heat;

  /** The patient of this seed, from the start. */
  public FeverSignal(long seed) {
    Draws draws = new Draws(seed).branch("fever");
    this.restingTemperature = draws.between(36.5, 37.0);
    this.restingRespiration = draws.between(13, 18);
    this.bedtime = draws.fraction();
    this.breathing = new Drift(draws, new Range(20, 90));
    this.fever =
        new Episodes(
            draws.branch("fevers"),
            new Range(30, 7_200),
            new Range(14_400, 43_200),
            new Range(7_200, 14_400));
  }

  /** Lets simulated time pass, in whole seconds; what is left over counts towards the next call. */
  public void advance(Duration elapsed) {
    for (long left = steps.in(elapsed); left > 0; left--) {
      now = Steps.seconds(steps.next());
      boolean feverish = fever.activeAt(now);
      double wanted = feverish ? 1.9 + 1.1 * fever.severity() : 0;
      heat += (wanted - heat) / (feverish ? RISE_SECONDS : FALL_SECONDS);
    }
  }

  /** Body temperature in degrees Celsius. */
  public double temperature() {
    return restingTemperature + 0.25 * Drift.sine(now / DAY_SECONDS + bedtime) + heat;
  }

  /** Respiration rate in breaths/min. */
  public double respirationRate() {
    return restingRespiration + 2 * breathing.at(now) + 3 * heat;
  }
}
