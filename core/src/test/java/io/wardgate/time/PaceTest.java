// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each may do it so many times at once, then at its pace, whatever the others do. */
class PaceTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Near the end, where a clock of nanoseconds may be. */
  private long now = Long.MAX_VALUE - SECOND;

  private final Pace<String> pace = new Pace<>(() -> now, 3, Duration.ofSeconds(1), 2);

  @Test
  void atOnceAndThenOneMoreEachWhile() {
    assertThat(pace.take("a", 3)).isTrue();
    assertThat(pace.take("a", 1)).isFalse();
    now += SECOND - 1;
    assertThat(pace.take("a", 1)).isFalse();
    now++;
    assertThat(pace.take("a", 1)).isTrue();
    assertThat(pace.take("a", 1)).isFalse();
    now += 100 * SECOND;
    assertThat(pace.take("a", 3)).isTrue();
    assertThat(pace.take("a", 1)).as("a long rest saves nothing up").isFalse();
  }

  @Test
  void whatIsRefusedCostsNothing() {
    assertThat(pace.take("a", 4)).isFalse();
    assertThat(pace.take("a", 3)).isTrue();
  }

  @Test
  void askingNotesNothingAndWhatWasDoneIsNotedInAnyCase() {
    assertThat(pace.allows("a", 3)).isTrue();
    assertThat(pace.allows("a", 3)).isTrue();
    pace.note("a", 5);
    now += 2 * SECOND;
    assertThat(pace.allows("a", 1)).isFalse();
    now += SECOND;
    assertThat(pace.allows("a", 1)).isTrue();
  }

  @Test
  void nobodyPaysForAnother() {
    assertThat(pace.take("a", 3)).isTrue();
    assertThat(pace.take("b", 3)).isTrue();
  }

  @Test
  void theLeastRecentIsForgotten() {
    assertThat(pace.take("a", 3)).isTrue();
    assertThat(pace.take("b", 3)).isTrue();
    assertThat(pace.allows("a", 1)).isFalse();
    assertThat(pace.take("c", 3)).isTrue();
    assertThat(pace.allows("a", 1)).isFalse();
    assertThat(pace.allows("b", 1)).as("forgotten").isTrue();
  }
}
