// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.wardgate.testkit.Draws;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcgSignalTest {

  private static final int RATE = EcgSignal.SAMPLES_PER_SECOND;
  private static final int TEN_MINUTES = 600;

  @Test
  void theSameSeedGivesTheSameSignal() {
    assertThat(new EcgSignal(11).next(60 * RATE)).isEqualTo(new EcgSignal(11).next(60 * RATE));
  }

  @Test
  void anotherSeedGivesAnotherSignal() {
    assertThat(new EcgSignal(11).next(10 * RATE)).isNotEqualTo(new EcgSignal(12).next(10 * RATE));
  }

  @Test
  void howTheTimeIsDividedMakesNoDifference() {
    EcgSignal whole = new EcgSignal(4);
    EcgSignal pieces = new EcgSignal(4);
    double[] expected = whole.next(120 * RATE);
    int taken = 0;
    for (int piece = 1; taken < expected.length; piece = piece % 997 + 13) {
      int size = Math.min(piece, expected.length - taken);
      double[] part = pieces.next(size);
      for (int i = 0; i < size; i++) {
        assertThat(part[i]).isEqualTo(expected[taken + i]);
      }
      taken += size;
    }
    assertThat(pieces.heartRate()).isEqualTo(whole.heartRate());
    assertThat(pieces.beats()).isEqualTo(whole.beats());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void staysWithinItsRangesForTenMinutes(long seed) {
    EcgSignal ecg = new EcgSignal(seed);
    for (int second = 0; second < TEN_MINUTES; second++) {
      assertThat(Arrays.stream(ecg.next(RATE))).allMatch(sample -> sample > -1 && sample < 2.5);
      assertThat(ecg.heartRate()).isBetween(25.0, 180.0);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anAlgorithmThatSeesOnlyTheSamplesCountsTheSameBeats(long seed) {
    EcgSignal ecg = new EcgSignal(seed);
    List<Integer> peaks = peaks(ecg.next(TEN_MINUTES * RATE));
    assertThat((long) peaks.size()).isCloseTo(ecg.beats(), within(2L));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theHeartRateIsThatOfThePeaks(long seed) {
    EcgSignal ecg = new EcgSignal(seed);
    ecg.next(5 * RATE);
    for (int window = 0; window < 30; window++) {
      Rhythm before = ecg.rhythm();
      double rateBefore = ecg.heartRate();
      List<Integer> peaks = peaks(ecg.next(8 * RATE));
      if (before != Rhythm.SINUS || Math.abs(ecg.heartRate() - rateBefore) > 5) {
        continue;
      }
      double interval = (double) (peaks.get(peaks.size() - 1) - peaks.get(0)) / (peaks.size() - 1);
      assertThat(60.0 * RATE / interval).isCloseTo(ecg.heartRate(), within(8.0));
    }
  }

  @Test
  void everyRhythmOccursWithinTenMinutesForSomeSeed() {
    Set<Rhythm> seen = EnumSet.noneOf(Rhythm.class);
    for (long seed = 0; seed < 6; seed++) {
      EcgSignal ecg = new EcgSignal(seed);
      for (int second = 0; second < TEN_MINUTES; second++) {
        ecg.next(RATE);
        seen.add(ecg.rhythm());
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(Rhythm.values());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theFirstEpisodeComesWithinHalfAMinute(long seed) {
    EcgSignal ecg = new EcgSignal(seed);
    Set<Rhythm> seen = EnumSet.noneOf(Rhythm.class);
    for (int tenth = 0; tenth < 300; tenth++) {
      ecg.next(RATE / 10);
      seen.add(ecg.rhythm());
    }
    assertThat(seen).hasSizeGreaterThan(1);
  }

  @Test
  void rhythmsDifferInTheirIntervals() {
    List<Double> sinus = intervals(Rhythm.SINUS);
    assertThat(average(sinus)).isBetween(0.7, 1.05);
    assertThat(average(intervals(Rhythm.SINUS_TACHYCARDIA))).isBetween(0.4, 0.6);
    assertThat(intervals(Rhythm.PAUSE)).allMatch(interval -> interval >= 2.4 && interval <= 4);
    assertThat(spread(intervals(Rhythm.ATRIAL_FIBRILLATION))).isGreaterThan(3 * spread(sinus));
  }

  @Test
  void anEarlyBeatAndItsPauseLastTwoIntervals() {
    HeartBeats heart = new HeartBeats(new Draws(2));
    int seen = 0;
    HeartBeats.Beat previous = heart.next();
    for (int i = 0; i < 5_000; i++) {
      HeartBeats.Beat beat = heart.next();
      if (beat.origin() == HeartBeats.Origin.VENTRICULAR) {
        HeartBeats.Beat after = heart.next();
        if (after.rhythm() == Rhythm.VENTRICULAR_ECTOPY) {
          assertThat(beat.interval() / previous.interval()).isBetween(0.5, 0.75);
          assertThat(beat.interval() + after.interval())
              .isCloseTo(beat.interval() / 0.62 * 2, within(1e-9));
          seen++;
        }
        beat = after;
      }
      previous = beat;
    }
    assertThat(seen).isGreaterThan(20);
  }

  @Test
  void fibrillatingAtriaMakeNoPWave() {
    double[] withP = aroundBeat(HeartBeats.Origin.SINUS);
    double[] withoutP = aroundBeat(HeartBeats.Origin.ATRIAL);
    int atP = (int) ((0.8 - 0.16) * RATE);
    assertThat(withP[atP]).isGreaterThan(0.1);
    assertThat(withoutP[atP]).isLessThan(0.01);
  }

  @Test
  void aVentricularBeatIsWide() {
    assertThat(widthAtHalfHeight(aroundBeat(HeartBeats.Origin.VENTRICULAR)))
        .isGreaterThan(3 * widthAtHalfHeight(aroundBeat(HeartBeats.Origin.SINUS)));
  }

  /** R peaks as a simple detector finds them: above 0.5 mV, 200 ms apart. */
  private static List<Integer> peaks(double[] samples) {
    List<Integer> peaks = new ArrayList<>();
    int last = -RATE;
    for (int i = 1; i < samples.length; i++) {
      if (samples[i - 1] < 0.5 && samples[i] >= 0.5 && i - last > RATE / 5) {
        peaks.add(i);
        last = i;
      }
    }
    return peaks;
  }

  private static List<Double> intervals(Rhythm rhythm) {
    List<Double> intervals = new ArrayList<>();
    for (long seed = 0; seed < 5; seed++) {
      HeartBeats heart = new HeartBeats(new Draws(seed));
      for (int i = 0; i < 1_000; i++) {
        HeartBeats.Beat beat = heart.next();
        if (beat.rhythm() == rhythm) {
          intervals.add(beat.interval());
        }
      }
    }
    return intervals;
  }

  private static double average(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Relative difference from one interval to the next, on average. */
  private static double spread(List<Double> values) {
    double sum = 0;
    for (int i = 1; i < values.size(); i++) {
      sum += Math.abs(values.get(i) - values.get(i - 1)) / values.get(i);
    }
    return sum / values.size();
  }

  private static double[] aroundBeat(HeartBeats.Origin origin) {
    HeartBeats.Beat beat = new HeartBeats.Beat(0, 0.9, origin, Rhythm.SINUS);
    double[] shape = new double[(int) (1.6 * RATE)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = EcgSignal.shape(beat, (double) i / RATE - 0.8);
    }
    return shape;
  }

  private static long widthAtHalfHeight(double[] shape) {
    return Arrays.stream(shape).filter(sample -> sample > 0.55).count();
  }
}
