// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

class CsvFuzzTest {

  @FuzzTest
  void endsInRowsWithinTheLimitsOrInARefusal(byte[] input) {
    List<List<String>> rows;
    try {
      rows = Csv.rows(new String(input, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("line ");
      return;
    }
    assertThat(rows).hasSizeLessThanOrEqualTo(Csv.MAX_ROWS);
  }
}
