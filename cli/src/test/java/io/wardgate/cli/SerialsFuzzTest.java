// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;

class SerialsFuzzTest {

  @FuzzTest
  void endsInAListOrATypedRefusal(byte[] input) {
    try {
      assertThat(Serials.in(input)).allMatch(device -> device.namespace().isEmpty());
    } catch (WardgateException e) {
      assertThat(e.reason()).isEqualTo(Reason.INPUT_INVALID);
    }
  }
}
