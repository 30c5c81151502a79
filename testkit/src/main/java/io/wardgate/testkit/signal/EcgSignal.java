// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An electrocardiogram, lead II, in mV, 250 samples per second.
 *
 * <p>Each beat is a sum of Gaussian bells for P, Q, R, S and T around its R peak; the intervals
 * carry respiratory sinus arrhythmia and a slow drift. Sinus rhythm is interrupted by episodes (see
 * {@link Rhythm}), the first within 25 seconds. Samples stay within -1 to 2.5 mV, the heart rate
 * within 25 to 180 beats/min.
 */
public final class EcgSignal {

  /** How many samples {@link #next(int)} takes from one second. */
  public static final int SAMPLES_PER_SECOND = 250;

  /** Heart rate is averaged over so many intervals, as a monitor does. */
  private static final int INTERVALS_AVERAGED = 6;

  /** Beyond this many seconds from its R peak a beat is below a microvolt. */
  private static final double BEAT_REACH = 0.8;

  private final HeartBeats heart;
  private final Deque<HeartBeats.Beat> near = new ArrayDeque<>();
  private final Deque<Double> intervals = new ArrayDeque<>();
  private final double gain;
  private final Drift baseline;

  private HeartBeats.Beat upcoming;
  private long taken;
  private long beats;
  private double fibrillation;

  /** The electrocardiogram of this seed's patient, from its start. */
  public EcgSignal(long seed) {
    Draws draws = new Draws(seed).branch("ecg");
    this.heart = new HeartBeats(draws.branch("beats"));
    this.gain = draws.between(0.8, 1.3);
    this.baseline = new Drift(draws, new Range(3, 9));
    this.upcoming = heart.next();
    near.add(upcoming);
  }

  /** The next samples, in mV. */
  public double[] next(int samples) {
    double[] block = new double[samples];
    for (int i = 0; i < samples; i++) {
      block[i] = sampleAt((double) taken / SAMPLES_PER_SECOND);
      taken++;
    }
    return block;
  }

  /** The heart rate at this moment in beats/min, over the last six intervals. */
  public double heartRate() {
    if (intervals.isEmpty()) {
      return heart.restingRate();
    }
    double sum = 0;
    for (double interval : intervals) {
      sum += interval;
    }
    return 60 * intervals.size() / sum;
  }

  /** The rhythm at this moment. */
  public Rhythm rhythm() {
    return upcoming.rhythm();
  }

  /** How many beats there have been since the start. */
  public long beats() {
    return beats;
  }

  private double sampleAt(double seconds) {
    while (near.getLast().at() < seconds + BEAT_REACH) {
      near.addLast(heart.next());
    }
    while (near.getFirst().at() < seconds - BEAT_REACH) {
      near.removeFirst();
    }
    while (upcoming.at() <= seconds) {
      passed(upcoming);
    }
    double sum = 0.04 * baseline.at(seconds) + fibrillating(seconds);
    for (HeartBeats.Beat beat : near) {
      sum += gain * shape(beat, seconds - beat.at());
    }
    return sum;
  }

  private void passed(HeartBeats.Beat beat) {
    beats++;
    intervals.addLast(beat.interval());
    if (intervals.size() > INTERVALS_AVERAGED) {
      intervals.removeFirst();
    }
    for (HeartBeats.Beat later : near) {
      if (later.at() > beat.at()) {
        upcoming = later;
        return;
      }
    }
    upcoming = heart.next();
    near.addLast(upcoming);
  }

  /** The f waves of fibrillating atria, which swell and fade over a third of a second. */
  private double fibrillating(double seconds) {
    double wanted = rhythm() == Rhythm.ATRIAL_FIBRILLATION ? 1 : 0;
    fibrillation += (wanted - fibrillation) / (0.33 * SAMPLES_PER_SECOND);
    return fibrillation
        * (0.035 * Drift.sine(5.8 * seconds) + 0.025 * Drift.sine(7.3 * seconds + 0.2));
  }

  static double shape(HeartBeats.Beat beat, double offset) {
    return switch (beat.origin()) {
      case SINUS -> bell(offset, -0.16, 0.022, 0.13) + conducted(beat, offset);
      case ATRIAL -> conducted(beat, offset);
      case VENTRICULAR ->
          bell(offset, 0, 0.042, 1.35)
              + bell(offset, 0.10, 0.05, -0.45)
              + bell(offset, 0.30, 0.065, -0.35);
    };
  }

  private static double conducted(HeartBeats.Beat beat, double offset) {
    // The ventricles take longer to recover after a longer interval (Bazett's square root).
    double recovery = 0.28 * StrictMath.sqrt(Math.min(Math.max(beat.interval(), 0.4), 1.1));
    return bell(offset, -0.027, 0.009, -0.10)
        + bell(offset, 0, 0.011, 1.1)
        + bell(offset, 0.028, 0.010, -0.22)
        + bell(offset, recovery, 0.045, 0.28);
  }

  private static double bell(double offset, double centre, double width, double height) {
    double z = (offset - centre) / width;
    return z * z > 60 ? 0 : height * StrictMath.exp(-z * z / 2);
  }
}
