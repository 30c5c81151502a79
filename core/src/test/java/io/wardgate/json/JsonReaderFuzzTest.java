// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class JsonReaderFuzzTest {

  @FuzzTest
  void endsInAValueOrATypedRefusal(byte[] input) {
    JsonReader reader = new JsonReader(input, 16);
    try {
      reader.skip();
      reader.end();
    } catch (MalformedJsonException e) {
      assertThat(e.offset()).isBetween(0, input.length);
    }
  }
}
