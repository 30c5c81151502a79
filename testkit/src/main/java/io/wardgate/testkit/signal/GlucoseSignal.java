// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Interstitial glucose in mg/dL as a continuous sensor reports it, one value every five minutes.
 *
 * <p>The patient eats three times a day (the start is seven in the morning) and injects insulin for
 * each meal. Carbohydrate and insulin pass through two compartments each, insulin the slower;
 * interstitial glucose follows blood with a lag of nine minutes. At one meal in four the dose is
 * far too large: hypoglycaemia, met by the body's own answer and by sugar. Values stay within 40 to
 * 400 mg/dL.
 */
public final class GlucoseSignal {

  /**
   * One value.
   *
   * @param at when it was measured, since the start
   * @param milligramsPerDecilitre interstitial glucose
   */
  public record Reading(Duration at, double milligramsPerDecilitre) {}

  private static final Duration STEP = Duration.ofMinutes(1);
  private static final int STEPS_PER_READING = 5;
  private static final int MINUTES_PER_DAY = 24 * 60;
  private static final int[] MEAL_MINUTES = {30, 330, 720};

  /** mg/dL that one gram of carbohydrate adds, and that one unit of insulin takes away. */
  private static final double PER_GRAM = 3.8;

  private static final double PER_UNIT = 42;
  private static final double CARBOHYDRATE_MINUTES = 28;
  private static final double INSULIN_MINUTES = 62;
  private static final double INTERSTITIAL_MINUTES = 9;
  private static final double SUGAR_BELOW = 58;
  private static final int MINUTES_BETWEEN_SUGARS = 25;

  private final Draws draws;
  private final Drift drift;
  private final double fasting;
  private final double calibration;
  private final Steps steps = new Steps(STEP);
  private final int[] mealsToday = new int[MEAL_MINUTES.length];

  private long minute;
  private long sugarAllowedAt;
  private double stomach;
  private double gut;
  private double depot;
  private double insulin;
  private double blood;
  private double interstitial;

  /** The glucose of this seed's patient, from its start. */
  public GlucoseSignal(long seed) {
    this.draws = new Draws(seed).branch("glucose");
    this.fasting = draws.between(95, 130);
    this.calibration = draws.between(0.96, 1.04);
    this.drift = new Drift(draws, new Range(5_400, 28_800));
    this.blood = fasting;
    this.interstitial = fasting;
  }

  /** The values that fall into the time that passes. */
  public List<Reading> advance(Duration elapsed) {
    List<Reading> readings = new ArrayList<>();
    for (long left = steps.in(elapsed); left > 0; left--) {
      Duration now = steps.next();
      step();
      if (minute % STEPS_PER_READING == 0) {
        readings.add(new Reading(now, shown()));
      }
    }
    return readings;
  }

  private double shown() {
    return Math.min(Math.max(interstitial * calibration, 40), 400);
  }

  private void step() {
    eat();
    double absorbed = gut / CARBOHYDRATE_MINUTES;
    gut += (stomach - gut) / CARBOHYDRATE_MINUTES;
    stomach -= stomach / CARBOHYDRATE_MINUTES;
    double acting = insulin / INSULIN_MINUTES;
    insulin += (depot - insulin) / INSULIN_MINUTES;
    depot -= depot / INSULIN_MINUTES;

    double rest = fasting + 8 * drift.at(minute * 60.0);
    // Insulin moves less glucose where there is less; glucagon answers a low.
    blood += PER_GRAM * absorbed - PER_UNIT * acting * blood / fasting;
    blood += 0.004 * (rest - blood) + 0.05 * Math.max(0, 65 - blood);
    interstitial += (blood - interstitial) / INTERSTITIAL_MINUTES;
    minute++;
  }

  private void eat() {
    int ofDay = (int) (minute % MINUTES_PER_DAY);
    if (ofDay == 0) {
      for (int i = 0; i < mealsToday.length; i++) {
        mealsToday[i] = MEAL_MINUTES[i] + (int) draws.between(-25, 25);
      }
    }
    for (int meal : mealsToday) {
      if (meal == ofDay) {
        double grams = draws.between(35, 75);
        double dose = draws.chance(0.25) ? draws.between(1.6, 2.0) : draws.between(0.75, 0.9);
        stomach += grams;
        depot += dose * grams * PER_GRAM / PER_UNIT;
      }
    }
    if (interstitial < SUGAR_BELOW && minute >= sugarAllowedAt) {
      stomach += 15;
      sugarAllowedAt = minute + MINUTES_BETWEEN_SUGARS;
    }
  }
}
