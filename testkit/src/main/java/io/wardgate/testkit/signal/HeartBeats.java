// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;

/** The beats of one heart, one after the other: when each comes, and of what kind it is. */
final class HeartBeats {

  /** Where a beat starts from, and so what it looks like. */
  enum Origin {
    SINUS,
    ATRIAL,
    VENTRICULAR
  }

  /**
   * One beat.
   *
   * @param at seconds since the start, of the R peak
   * @param interval seconds since the beat before
   * @param rhythm of the interval that this beat ends
   */
  record Beat(double at, double interval, Origin origin, Rhythm rhythm) {}

  private static final Range FIRST_SINUS_SECONDS = new Range(8, 25);
  private static final Range SINUS_SECONDS = new Range(30, 80);
  private static final Range EPISODE_SECONDS = new Range(20, 50);
  private static final Range PAUSE_SECONDS = new Range(2.4, 4.0);
  private static final Rhythm[] EPISODES = {
    Rhythm.SINUS_TACHYCARDIA, Rhythm.ATRIAL_FIBRILLATION, Rhythm.VENTRICULAR_ECTOPY, Rhythm.PAUSE
  };

  /** How quickly the sinus node follows a new demand, as a time constant in seconds. */
  private static final double RATE_FOLLOWS_SECONDS = 6;

  /** How early a ventricular beat comes, as a part of the interval it cuts short. */
  private static final double PREMATURITY = 0.62;

  private final Draws draws;
  private final double restingRate;
  private final double breathsPerSecond;
  private final Drift drift;

  private Rhythm rhythm = Rhythm.SINUS;
  private double rhythmEnds;
  private double demandedRate;
  private double rate;
  private int beatsToEctopy;
  private double compensation;
  private Beat last;

  HeartBeats(Draws draws) {
    this.draws = draws;
    this.restingRate = draws.between(60, 80);
    this.breathsPerSecond = draws.between(0.2, 0.3);
    this.drift = new Drift(draws, new Range(60, 180));
    this.rate = restingRate;
    this.demandedRate = restingRate;
    this.rhythmEnds = FIRST_SINUS_SECONDS.draw(draws);
    this.last = new Beat(0.3, 60 / restingRate, Origin.SINUS, Rhythm.SINUS);
  }

  double restingRate() {
    return restingRate;
  }

  /** The beat after the one before; the first comes within a second. */
  Beat next() {
    Beat beat = last;
    last = after(beat.at());
    return beat;
  }

  private Beat after(double at) {
    if (at >= rhythmEnds) {
      enter(rhythm == Rhythm.SINUS ? EPISODES[draws.below(EPISODES.length)] : Rhythm.SINUS, at);
    }
    double sinus = sinusInterval(at);
    return switch (rhythm) {
      case SINUS, SINUS_TACHYCARDIA -> beat(at, sinus, Origin.SINUS);
      case ATRIAL_FIBRILLATION -> {
        double irregular = sinus * (1 + 0.22 * draws.normal());
        yield beat(at, Math.min(Math.max(irregular, 0.34), 1.4), Origin.ATRIAL);
      }
      case VENTRICULAR_ECTOPY -> inEctopy(at, sinus);
      case PAUSE -> beat(at, PAUSE_SECONDS.draw(draws), Origin.SINUS);
    };
  }

  private void enter(Rhythm next, double at) {
    rhythm = next;
    compensation = 0;
    demandedRate =
        switch (next) {
          case SINUS, VENTRICULAR_ECTOPY, PAUSE -> restingRate;
          case SINUS_TACHYCARDIA -> draws.between(115, 140);
          case ATRIAL_FIBRILLATION -> draws.between(85, 110);
        };
    rhythmEnds =
        switch (next) {
          case SINUS -> at + SINUS_SECONDS.draw(draws);
          case SINUS_TACHYCARDIA, ATRIAL_FIBRILLATION, VENTRICULAR_ECTOPY ->
              at + EPISODE_SECONDS.draw(draws);
          case PAUSE -> at;
        };
    beatsToEctopy = 1 + draws.below(3);
  }

  private Beat inEctopy(double at, double sinus) {
    if (compensation > 0) {
      double pause = compensation;
      compensation = 0;
      return beat(at, pause, Origin.SINUS);
    }
    if (beatsToEctopy-- > 0) {
      return beat(at, sinus, Origin.SINUS);
    }
    beatsToEctopy = 2 + draws.below(5);
    // The sinus node keeps its own time: the early beat and the pause together last two intervals.
    compensation = (2 - PREMATURITY) * sinus;
    return beat(at, PREMATURITY * sinus, Origin.VENTRICULAR);
  }

  private double sinusInterval(double at) {
    rate += (demandedRate - rate) * (1 - StrictMath.exp(-60 / rate / RATE_FOLLOWS_SECONDS));
    double breathing = 0.05 * Drift.sine(breathsPerSecond * at);
    return 60 / (rate * (1 + 0.04 * drift.at(at))) * (1 - breathing);
  }

  private Beat beat(double previous, double interval, Origin origin) {
    return new Beat(previous + interval, interval, origin, rhythm);
  }
}
