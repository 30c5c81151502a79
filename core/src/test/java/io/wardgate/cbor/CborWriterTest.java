// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CborWriterTest {

  private static String hex(CborWriter writer) {
    return HexFormat.of().formatHex(writer.toBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "23, 17",
    "24, 1818",
    "255, 18ff",
    "256, 190100",
    "65535, 19ffff",
    "65536, 1a00010000",
    "4294967295, 1affffffff",
    "4294967296, 1b0000000100000000",
    "-1, 20",
    "-24, 37",
    "-25, 3818",
    "9223372036854775807, 1b7fffffffffffffff",
    "-9223372036854775808, 3b7fffffffffffffff"
  })
  void writesIntegersInTheirShortestForm(long value, String expected) {
    assertThat(hex(new CborWriter().integer(value))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0, f90000",
    "-0.0, f98000",
    "1.5, f93e00",
    "65504.0, f97bff",
    "5.960464477539063e-8, f90001",
    "0.00006103515625, f90400",
    "-4.0, f9c400",
    "100000.0, fa47c35000",
    "65520.0, fa477ff000",
    "2.98023223876953125e-8, fa33000000",
    "1.1, fb3ff199999999999a",
    "Infinity, f97c00",
    "-Infinity, f9fc00",
    "NaN, f97e00",
    "3.4028234663852886e38, fa7f7fffff"
  })
  void writesRealsInTheNarrowestWidthThatHoldsThem(double value, String expected) {
    assertThat(hex(new CborWriter().real(value))).isEqualTo(expected);
  }

  @Test
  void everyHalfFloatComesBackAsItself() throws Exception {
    for (int bits = 0; bits <= 0xffff; bits++) {
      double value = HalfFloat.toDouble(bits);
      if (!Double.isNaN(value)) {
        assertThat(HalfFloat.exactBits(value)).as("%04x", bits).isEqualTo(bits);
      }
    }
  }

  @Test
  void everyDoubleComesBackAsItself() throws Exception {
    Random random = new Random(20261123);
    for (int i = 0; i < 20_000; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      float narrow = (float) any;
      double value = i % 2 == 0 ? any : narrow;
      double back = new CborReader(new CborWriter().real(value).toBytes(), 0).readDouble();
      assertThat(Double.compare(back, value)).as("%s", value).isZero();
    }
  }

  @Test
  void writesTheRestAsTheStandardSays() {
    CborWriter writer =
        new CborWriter()
            .array(6)
            .text("水")
            .bytes(new byte[] {1, 2})
            .map(1)
            .integer(1)
            .bool(true)
            .tag(4)
            .bool(false)
            .nil()
            .array(0);

    assertThat(hex(writer)).isEqualTo("8663e6b0b4420102a101f5c4f4f680");
  }

  @Test
  void refusesHalfOfASurrogatePair() {
    assertThatIllegalArgumentException().isThrownBy(() -> new CborWriter().text("\ud800"));
  }
}
