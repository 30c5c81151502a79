// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;

/**
 * Arterial blood pressure as a catheter sees it, in mmHg, 125 samples per second.
 *
 * <p>Each beat has a steep systolic upstroke, a dicrotic notch where the valve closes, and a
 * diastolic runoff. Pressures breathe, carry slow vasomotor waves, and fall by up to a quarter in
 * hypotensive episodes (the first within a minute). Samples stay within 35 to 200 mmHg. Systolic,
 * diastolic and mean are measured from the last complete beat, not given by the model.
 */
public final class ArterialPressureSignal {

  /** How many samples {@link #next(int, double)} takes from one second. */
  public static final int SAMPLES_PER_SECOND = 125;

  private static final double UPSTROKE = 0.14;
  private static final double RUNOFF = 0.42;
  private static final double PRESSURE_FOLLOWS_SECONDS = 12;

  private final double restingSystolic;
  private final double restingPulsePressure;
  private final double breathsPerSecond;
  private final Drift vasomotor;
  private final Episodes hypotension;

  private long taken;
  private double phase;
  private double tone = 1;
  private double highest;
  private double lowest;
  private double sum;
  private int samplesInBeat;
  private double systolic;
  private double diastolic;
  private double mean;

  /** The pressure of this seed's patient, from its start. */
  public ArterialPressureSignal(long seed) {
    Draws draws = new Draws(seed).branch("arterial-pressure");
    this.restingSystolic = draws.between(105, 150);
    this.restingPulsePressure = restingSystolic * draws.between(0.34, 0.42);
    this.breathsPerSecond = draws.between(0.2, 0.3);
    this.vasomotor = new Drift(draws, new Range(8, 14));
    this.hypotension =
        new Episodes(draws.branch("low"), new Range(15, 60), new Range(90, 240), new Range(30, 90));
    this.systolic = restingSystolic;
    this.diastolic = restingSystolic - restingPulsePressure;
    this.mean = diastolic + restingPulsePressure / 3;
    startBeat();
  }

  /**
   * The next samples in mmHg, the pulse following this heart rate in beats/min.
   *
   * @throws IllegalArgumentException if the rate is not within 20 to 400
   */
  public double[] next(int samples, double heartRate) {
    if (!(heartRate >= 20 && heartRate <= 400)) {
      throw new IllegalArgumentException("no pulse at " + heartRate + " beats a minute");
    }
    double[] block = new double[samples];
    for (int i = 0; i < samples; i++) {
      block[i] = sample((double) taken / SAMPLES_PER_SECOND, heartRate);
    }
    return block;
  }

  /** The highest pressure of the last complete beat, in mmHg. */
  public double systolic() {
    return systolic;
  }

  /** The lowest pressure of the last complete beat, in mmHg. */
  public double diastolic() {
    return diastolic;
  }

  /** The average pressure of the last complete beat, in mmHg. */
  public double mean() {
    return mean;
  }

  private double sample(double seconds, double heartRate) {
    double wanted = hypotension.activeAt(seconds) ? 0.85 - 0.10 * hypotension.severity() : 1;
    tone += (wanted - tone) / (PRESSURE_FOLLOWS_SECONDS * SAMPLES_PER_SECOND);
    double level = 3 * Drift.sine(breathsPerSecond * seconds) + 2.5 * vasomotor.at(seconds);
    double low = tone * (restingSystolic - restingPulsePressure) + level;
    double pressure = low + tone * restingPulsePressure * beat(phase);
    taken++;
    phase += heartRate / 60 / SAMPLES_PER_SECOND;
    highest = Math.max(highest, pressure);
    lowest = Math.min(lowest, pressure);
    sum += pressure;
    samplesInBeat++;
    if (phase >= 1) {
      phase -= StrictMath.floor(phase);
      systolic = highest;
      diastolic = lowest;
      mean = sum / samplesInBeat;
      startBeat();
    }
    return pressure;
  }

  private void startBeat() {
    highest = Double.NEGATIVE_INFINITY;
    lowest = Double.POSITIVE_INFINITY;
    sum = 0;
    samplesInBeat = 0;
  }

  /** One beat over its phase, from 0 (diastole) to 1 (systole) and back to 0. */
  static double beat(double phase) {
    if (phase < UPSTROKE) {
      double rise = Drift.sine(phase / UPSTROKE / 4);
      return rise * rise;
    }
    double end = StrictMath.exp(-(1 - UPSTROKE) / RUNOFF);
    double runoff = (StrictMath.exp(-(phase - UPSTROKE) / RUNOFF) - end) / (1 - end);
    return runoff - 0.11 * bell(phase, 0.38, 0.022) + 0.09 * bell(phase, 0.46, 0.035);
  }

  private static double bell(double phase, double centre, double width) {
    double z = (phase - centre) / width;
    return StrictMath.exp(-z * z / 2);
  }
}
