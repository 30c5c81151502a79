// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlethSignalTest {

  private static final int RATE = PlethSignal.SAMPLES_PER_SECOND;

  @Test
  void theSameSeedGivesTheSameSignal() {
    assertThat(new PlethSignal(5).next(60 * RATE)).isEqualTo(new PlethSignal(5).next(60 * RATE));
    assertThat(new PlethSignal(5).next(60 * RATE)).isNotEqualTo(new PlethSignal(6).next(60 * RATE));
  }

  @Test
  void howTheTimeIsDividedMakesNoDifference() {
    PlethSignal pieces = new PlethSignal(5);
    PlethSignal whole = new PlethSignal(5);
    double[] all = whole.next(30 * RATE);
    assertThat(pieces.next(7)).isEqualTo(Arrays.copyOf(all, 7));
    assertThat(pieces.next(all.length - 7)).isEqualTo(Arrays.copyOfRange(all, 7, all.length));
    assertThat(pieces.saturation()).isEqualTo(whole.saturation());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void saturationFallsAndRecoversWithinTenMinutes(long seed) {
    PlethSignal pleth = new PlethSignal(seed);
    double before = pleth.saturation();
    double lowest = 100;
    boolean recovered = false;
    double previous = before;
    for (int second = 0; second < 600; second++) {
      assertThat(Arrays.stream(pleth.next(RATE))).allMatch(sample -> sample >= 0 && sample <= 1);
      double now = pleth.saturation();
      assertThat(now).isBetween(70.0, 100.0);
      assertThat(Math.abs(now - previous)).as("points in a second").isLessThan(2);
      lowest = Math.min(lowest, now);
      recovered |= lowest < 90 && now > before - 1;
      previous = now;
    }
    assertThat(before).isBetween(96.0, 99.0);
    assertThat(lowest).isLessThan(90);
    assertThat(recovered).isTrue();
  }

  @Test
  void thePulseFollowsTheHeart() {
    PlethSignal pleth = new PlethSignal(9);
    pleth.next(40 * RATE, 132);
    assertThat(pleth.pulseRate()).isCloseTo(132, within(1.0));
    assertThat(maxima(pleth.next(60 * RATE, 132))).isBetween(130, 134);
  }

  @Test
  void refusesAHeartRateThatIsNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PlethSignal(1).next(1, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new PlethSignal(1).next(1, Double.NaN));
  }

  private static int maxima(double[] samples) {
    int count = 0;
    for (int i = 1; i < samples.length; i++) {
      if (samples[i - 1] < 0.6 && samples[i] >= 0.6) {
        count++;
      }
    }
    return count;
  }
}
