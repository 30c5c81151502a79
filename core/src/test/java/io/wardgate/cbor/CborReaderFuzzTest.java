// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class CborReaderFuzzTest {

  @FuzzTest
  void endsInAnItemOrATypedRefusal(byte[] input) {
    CborReader reader = new CborReader(input, 16);
    try {
      while (!reader.atEnd()) {
        reader.skip();
      }
      reader.end();
    } catch (MalformedCborException e) {
      assertThat(e.offset()).isBetween(0, input.length);
    }
  }
}
