// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.Arrays;

class LedgerFormatFuzzTest {

  /** The first byte is the entry's type. */
  @FuzzTest
  void endsInAnEntryThatIsWrittenTheSameWayOrATypedRefusal(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] payload = Arrays.copyOfRange(input, 1, input.length);
    try {
      LedgerEntry entry = LedgerFormat.decode(input[0] & 0xff, payload);
      assertThat(LedgerFormat.encode(entry)).isEqualTo(payload);
    } catch (WardgateException e) {
      assertThat(e.reason()).isIn(Reason.STATE_DAMAGED, Reason.STATE_NEWER);
    }
  }
}
