// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DrawsTest {

  @Test
  void aSeedGivesTheseNumbersOnEveryJdk() {
    // Computed apart from this code, in Python.
    Draws draws = new Draws(42);
    assertThat(draws.bits()).isEqualTo(-7450291807549245335L);
    assertThat(draws.bits()).isEqualTo(2958219263312191191L);
    assertThat(new Draws(42).branch("ecg").bits()).isEqualTo(1908981606394522614L);
  }

  @Test
  void aBranchDoesNotDependOnWhatHasBeenDrawn() {
    Draws drawn = new Draws(7);
    drawn.bits();
    assertThat(drawn.branch("x").bits()).isEqualTo(new Draws(7).branch("x").bits());
  }

  @Test
  void branchesOfDifferentNamesDiffer() {
    Draws draws = new Draws(7);
    assertThat(draws.branch("x").bits()).isNotEqualTo(draws.branch("y").bits());
    assertThat(draws.branch("ab").bits()).isNotEqualTo(draws.branch("ba").bits());
  }

  @Test
  void drawsAreSpreadEvenly() {
    Draws draws = new Draws(1);
    int[] counts = new int[10];
    for (int i = 0; i < 100_000; i++) {
      counts[draws.below(10)]++;
    }
    assertThat(Arrays.stream(counts)).allMatch(count -> count > 9_600 && count < 10_400);
  }

  @Test
  void normalDrawsHaveMeanZeroAndDeviationOne() {
    Draws draws = new Draws(3);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 100_000; i++) {
      double draw = draws.normal();
      sum += draw;
      squares += draw * draw;
    }
    assertThat(sum / 100_000).isBetween(-0.02, 0.02);
    assertThat(squares / 100_000).isBetween(0.97, 1.03);
  }

  @Test
  void chanceNeverHappensAtZeroAndAlwaysAtOne() {
    Draws draws = new Draws(5);
    for (int i = 0; i < 1_000; i++) {
      assertThat(draws.chance(0)).isFalse();
      assertThat(draws.chance(1)).isTrue();
    }
  }

  @Test
  void refusesABoundThatLeavesNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Draws(1).below(0));
  }
}
