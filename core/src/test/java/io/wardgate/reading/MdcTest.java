// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MdcTest {

  @Test
  void namesKnownCodesAndNoOthers() {
    assertThat(Mdc.of("147842")).contains(Mdc.HEART_RATE);
    assertThat(Mdc.of("0147842")).isEmpty();
    assertThat(Mdc.of("pump")).isEmpty();
  }

  @Test
  void everyCodeStandsOnceAndInAPartitionOfMeasurements() {
    assertThat(Arrays.stream(Mdc.values()).map(Mdc::code)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Mdc.values()).map(mdc -> Integer.parseInt(mdc.code()) >> 16))
        .as("1 is object-oriented, 2 is SCADA")
        .allMatch(partition -> partition == 1 || partition == 2);
  }
}
