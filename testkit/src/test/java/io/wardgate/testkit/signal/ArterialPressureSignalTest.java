// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArterialPressureSignalTest {

  private static final int RATE = ArterialPressureSignal.SAMPLES_PER_SECOND;

  @Test
  void theSameSeedGivesTheSameSignal() {
    double[] one = new ArterialPressureSignal(5).next(60 * RATE, 70);
    assertThat(one).isEqualTo(new ArterialPressureSignal(5).next(60 * RATE, 70));
    assertThat(one).isNotEqualTo(new ArterialPressureSignal(6).next(60 * RATE, 70));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void systolicIsAboveMeanAndMeanAboveDiastolic(long seed) {
    ArterialPressureSignal arterial = new ArterialPressureSignal(seed);
    for (int second = 0; second < 600; second++) {
      assertThat(Arrays.stream(arterial.next(RATE, 72)))
          .allMatch(sample -> sample > 35 && sample < 200);
      assertThat(arterial.systolic()).isGreaterThan(arterial.mean() + 10);
      assertThat(arterial.mean()).isGreaterThan(arterial.diastolic() + 5);
    }
  }

  @Test
  void theMeanLiesATimeAboveDiastolicThatAnArteryShows() {
    ArterialPressureSignal arterial = new ArterialPressureSignal(3);
    arterial.next(10 * RATE, 70);
    double part =
        (arterial.mean() - arterial.diastolic()) / (arterial.systolic() - arterial.diastolic());
    assertThat(part).isBetween(0.28, 0.48);
  }

  @Test
  void whatIsReportedIsWhatTheWaveShows() {
    ArterialPressureSignal arterial = new ArterialPressureSignal(3);
    double[] wave = arterial.next(10 * RATE, 75);
    double[] tail = Arrays.copyOfRange(wave, wave.length - 2 * RATE, wave.length);
    assertThat(Arrays.stream(tail).max().orElseThrow()).isCloseTo(arterial.systolic(), within(6.0));
    assertThat(Arrays.stream(tail).min().orElseThrow())
        .isCloseTo(arterial.diastolic(), within(6.0));
  }

  @Test
  void theValveClosesWithANotch() {
    int rises = 0;
    for (int i = 20; i < 100; i++) {
      boolean falling =
          ArterialPressureSignal.beat((i - 1) / 100.0) > ArterialPressureSignal.beat(i / 100.0);
      boolean thenRising =
          ArterialPressureSignal.beat(i / 100.0) < ArterialPressureSignal.beat((i + 1) / 100.0);
      rises += falling && thenRising ? 1 : 0;
    }
    assertThat(rises).isEqualTo(1);
  }

  @Test
  void oneBeatEndsWhereTheNextBegins() {
    assertThat(ArterialPressureSignal.beat(0.99999))
        .isCloseTo(ArterialPressureSignal.beat(0), within(0.001));
    assertThat(ArterialPressureSignal.beat(0.1399999))
        .isCloseTo(ArterialPressureSignal.beat(0.14), within(0.001));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void pressureFallsInAnEpisodeWithinFiveMinutes(long seed) {
    ArterialPressureSignal arterial = new ArterialPressureSignal(seed);
    arterial.next(5 * RATE, 70);
    double before = arterial.mean();
    double lowest = before;
    for (int second = 0; second < 300; second++) {
      arterial.next(RATE, 70);
      lowest = Math.min(lowest, arterial.mean());
    }
    assertThat(lowest).isLessThan(0.9 * before);
  }

  @Test
  void refusesAHeartRateWithoutAPulse() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ArterialPressureSignal(1).next(1, 0));
  }
}
