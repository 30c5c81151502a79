// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;

class SenmlJsonFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final SenmlDecoder DECODER = new SenmlDecoder(SenmlDecoder.Limits.DEFAULT);

  @FuzzTest
  void endsInReadingsThatCanBeSaidAgainOrATypedRefusal(byte[] input)
      throws ReadingRefusedException {
    List<Reading> readings;
    try {
      readings = DECODER.decode(SenmlFormat.SENML_JSON, input, NOW);
    } catch (ReadingRefusedException e) {
      return;
    }
    byte[] again = SenmlEncoder.encode(SenmlFormat.SENML_JSON, readings);
    SenmlDecoder.Limits limits = SenmlDecoder.Limits.DEFAULT;
    if (again.length <= limits.maxBytes()) {
      assertThat(DECODER.decode(SenmlFormat.SENML_JSON, again, NOW)).isEqualTo(readings);
    }
  }
}
