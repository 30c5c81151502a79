// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.testkit.simulator.SimulatedSensor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the ward's command line is read. */
class WardOptionsTest {

  @Test
  void runsForHalfAMinuteOnAFreePortIfNothingIsSaid() throws UsageException {
    assertThat(WardOptions.parse(List.of()))
        .isEqualTo(new WardOptions(Duration.ofSeconds(30), 1, 0, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"45", "45s", "PT45S"})
  void takesATimeInThreeForms(String text) throws UsageException {
    assertThat(WardOptions.parse(List.of("--for", text)).span()).isEqualTo(Duration.ofSeconds(45));
  }

  @Test
  void leavesEveryDeviceTimeToMeasureInTheShortestRun() {
    Duration half = WardOptions.SHORTEST.dividedBy(2);
    for (Post post : Post.ALL) {
      for (int seed = 0; seed < 100; seed++) {
        SimulatedSensor sensor = SimulatedSensor.of(post.kind(), seed).hurriedBy(post.timeFactor());

        assertThat(sensor.advance(half)).as("%s, seed %d", post.device(), seed).isNotEmpty();
      }
    }
  }

  @Test
  void takesOptionsInAnyOrder() throws UsageException {
    assertThat(WardOptions.parse(List.of("--quiet", "--port", "5684", "--seed", "-7")))
        .isEqualTo(new WardOptions(Duration.ofSeconds(30), -7, 5684, true));
  }
}
