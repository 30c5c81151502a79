// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.fixtures.Provision;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A sensor that fails waits longer each time, and never as long as its neighbour. */
@Provision("5.9-3")
class BackoffTest {

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofMillis(2500));

  @Test
  void eachWaitIsBetweenHalfAndAllOfItsStep() {
    Random random = new Random(1);
    long[] steps = {100, 200, 400, 800, 1600, 2500, 2500, 2500};
    for (int failures = 1; failures <= steps.length; failures++) {
      long shortest = Long.MAX_VALUE;
      long longest = 0;
      for (int i = 0; i < 5000; i++) {
        long wait = BACKOFF.after(failures, random).toMillis();
        assertThat(wait).isBetween(steps[failures - 1] / 2, steps[failures - 1]);
        shortest = Math.min(shortest, wait);
        longest = Math.max(longest, wait);
      }
      assertThat(longest - shortest)
          .as("the jitter uses its range")
          .isGreaterThan(steps[failures - 1] * 45 / 100);
    }
  }

  @Test
  void neverWaitsMoreThanTheLongestHoweverOftenItFailed() {
    Random random = new Random(2);
    for (int failures : new int[] {21, 22, 31, 32, 33, 63, 64, 65, 1_000_000, Integer.MAX_VALUE}) {
      assertThat(BACKOFF.after(failures, random).toMillis()).isBetween(1250L, 2500L);
      assertThat(new Backoff(Duration.ofDays(1), Duration.ofDays(1)).after(failures, random))
          .isBetween(Duration.ofHours(12), Duration.ofDays(1));
    }
  }

  @Test
  void aWardOfSensorsDoesNotComeBackAtOnce() {
    Set<Long> waits = new HashSet<>();
    for (int sensor = 0; sensor < 200; sensor++) {
      waits.add(Backoff.DEFAULT.after(7, new Random(sensor)).toMillis());
    }
    assertThat(waits).hasSizeGreaterThan(190);
  }

  @Test
  void refusesARangeThatIsNone() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Duration.ofMillis(9), second));
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(second, Duration.ofMillis(999)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(second, Duration.ofDays(1).plusMillis(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(second, Duration.ofSeconds(Long.MAX_VALUE)));
  }
}
