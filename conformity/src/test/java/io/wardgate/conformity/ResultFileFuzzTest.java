// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class ResultFileFuzzTest {

  @FuzzTest
  void endsInResultsOrInARefusal(byte[] input) {
    ResultFile results;
    try {
      results = ResultFile.parse(new String(input, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    assertThat(results.tests()).allMatch(test -> test.outcome() != Outcome.NO_TEST);
  }
}
