// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;

/**
 * A pulse oximeter's view of a finger: the plethysmogram (0 to 1, 125 samples per second), oxygen
 * saturation in % and pulse rate in beats/min.
 *
 * <p>Saturation rests at 96 to 99 % and falls in desaturation episodes: breathing stops for 25 to
 * 50 seconds (the first time within 40), the blood loses oxygen with a time constant of 18 seconds
 * towards a nadir of 76 to 86 %, and recovers with one of 7. The display follows with the lag of a
 * real oximeter. Saturation stays within 70 to 100 %.
 */
public final class PlethSignal {

  /** How many samples {@link #next(int)} takes from one second. */
  public static final int SAMPLES_PER_SECOND = 125;

  private static final double FALL_SECONDS = 18;
  private static final double RECOVERY_SECONDS = 7;
  private static final double DISPLAY_SECONDS = 4;
  private static final double PULSE_AVERAGE_SECONDS = 5;

  private final Episodes apnoea;
  private final Drift drift;
  private final double restingRate;
  private final double restingSaturation;
  private final double breathsPerSecond;

  private long taken;
  private double phase;
  private double blood;
  private double displayed;
  private double pulseRate;

  /** The finger of this seed's patient, from its start. */
  public PlethSignal(long seed) {
    Draws draws = new Draws(seed).branch("pleth");
    this.restingRate = draws.between(58, 82);
    this.restingSaturation = draws.between(96.5, 98.8);
    this.breathsPerSecond = draws.between(0.2, 0.3);
    this.drift = new Drift(draws, new Range(40, 120));
    this.apnoea =
        new Episodes(
            draws.branch("apnoea"), new Range(12, 40), new Range(60, 150), new Range(25, 50));
    this.blood = restingSaturation;
    this.displayed = restingSaturation;
    this.pulseRate = restingRate;
  }

  /** The next samples, the pulse following a heart of the model's own. */
  public double[] next(int samples) {
    double[] block = new double[samples];
    for (int i = 0; i < samples; i++) {
      double seconds = (double) taken / SAMPLES_PER_SECOND;
      // A heart short of oxygen beats faster.
      double rate =
          restingRate
              + 3 * drift.at(seconds)
              + 2.5 * Drift.sine(breathsPerSecond * seconds)
              + 1.2 * Math.max(0, restingSaturation - blood);
      block[i] = sample(seconds, rate);
    }
    return block;
  }

  /**
   * The next samples, the pulse following a given heart rate in beats/min.
   *
   * @throws IllegalArgumentException if the rate is not within 0 to 400
   */
  public double[] next(int samples, double heartRate) {
    if (!(heartRate >= 0 && heartRate <= 400)) {
      throw new IllegalArgumentException("no heart beats " + heartRate + " times a minute");
    }
    double[] block = new double[samples];
    for (int i = 0; i < samples; i++) {
      block[i] = sample((double) taken / SAMPLES_PER_SECOND, heartRate);
    }
    return block;
  }

  /** The displayed oxygen saturation in %. */
  public double saturation() {
    return displayed;
  }

  /** The displayed pulse rate in beats/min, averaged over some five seconds. */
  public double pulseRate() {
    return pulseRate;
  }

  private double sample(double seconds, double rate) {
    boolean breathless = apnoea.activeAt(seconds);
    double wanted = breathless ? 86 - 10 * apnoea.severity() : restingSaturation;
    blood +=
        (wanted - blood) / ((breathless ? FALL_SECONDS : RECOVERY_SECONDS) * SAMPLES_PER_SECOND);
    displayed += (blood - displayed) / (DISPLAY_SECONDS * SAMPLES_PER_SECOND);
    pulseRate += (rate - pulseRate) / (PULSE_AVERAGE_SECONDS * SAMPLES_PER_SECOND);
    phase += rate / 60 / SAMPLES_PER_SECOND;
    phase -= StrictMath.floor(phase);
    taken++;
    double depth = 0.85 + (breathless ? 0 : 0.08 * Drift.sine(breathsPerSecond * seconds));
    return 0.04 + depth * pulse(phase);
  }

  /** One pulse over its phase: the forward wave, then the smaller reflected one. */
  private static double pulse(double phase) {
    return around(phase, 0.22, 0.085) + 0.38 * around(phase, 0.52, 0.11);
  }

  /** A bell on the circle of the phase, so that one pulse runs into the next. */
  private static double around(double phase, double centre, double width) {
    double distance = phase - centre;
    distance -= StrictMath.rint(distance);
    return StrictMath.exp(-distance * distance / (2 * width * width));
  }
}
