// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class WaveformBlockFuzzTest {

  @FuzzTest
  void endsInABlockOfExactlyTheseBytesOrATypedRefusal(byte[] input) {
    try {
      WaveformBlock block = WaveformBlock.parse(input);
      assertThat(block.toBytes()).isEqualTo(input);
      assertThat(block.samples()).hasSize(block.count());
    } catch (ReadingRefusedException e) {
      assertThat(e.reason().code()).startsWith("waveform-");
    }
  }
}
