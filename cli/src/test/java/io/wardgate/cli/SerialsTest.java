// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of serials is read whole or refused with the line that is none. */
class SerialsTest {

  private static final String TWO = "pump-1\r\n\n pump-2 \n";

  @Test
  void oneALineAndEmptyOnesArePassedOver() throws Exception {
    assertThat(Serials.in(TWO.getBytes(UTF_8)))
        .containsExactly(DeviceId.of("pump-1"), DeviceId.of("pump-2"));
    assertThat(Serials.in(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../up", "acme/pump", "p\u00fcmp", "\u0000", "two words", "-1"})
  void whatIsNoSerialIsNamedByItsLine(String line) {
    WardgateException refused =
        catchThrowableOfType(
            WardgateException.class, () -> Serials.in(("pump-1\n" + line).getBytes(UTF_8)));
    assertThat(refused.reason()).isEqualTo(Reason.INPUT_INVALID);
    assertThat(refused).hasMessageContaining("line 2 ").hasMessageNotContaining(line);
  }

  @Test
  void aLineOrAFileWithoutEndIsRefused() {
    for (int length : new int[] {65, Serials.MAX_BYTES + 1}) {
      byte[] endless = new byte[length];
      Arrays.fill(endless, (byte) 'a');
      assertThat(catchThrowableOfType(WardgateException.class, () -> Serials.in(endless)).reason())
          .isEqualTo(Reason.INPUT_INVALID);
    }
  }

  @Test
  void everyTruncationIsAListOrTypedRefusal() throws Exception {
    byte[] whole = TWO.getBytes(UTF_8);
    for (int length = 0; length <= whole.length; length++) {
      assertThat(Serials.in(Arrays.copyOf(whole, length))).hasSizeLessThanOrEqualTo(2);
    }
  }
}
