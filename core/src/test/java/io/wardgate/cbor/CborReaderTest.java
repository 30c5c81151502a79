// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborReaderTest {

  private static CborReader reader(String hex) {
    return new CborReader(HexFormat.of().parseHex(hex), 8);
  }

  private static MalformedCborException refusal(String hex) {
    return catchThrowableOfType(
        MalformedCborException.class,
        () -> {
          CborReader reader = reader(hex);
          reader.skip();
          reader.end();
        });
  }

  @ParameterizedTest
  @CsvSource({
    "'',          CBOR_TRUNCATED,         0",
    "18,          CBOR_TRUNCATED,         0",
    "1a000100,    CBOR_TRUNCATED,         0",
    "4401,        CBOR_TRUNCATED,         0",
    "7b7fffffffffffffff, CBOR_TRUNCATED,  0",
    "5bffffffffffffffff, CBOR_TRUNCATED,  0",
    "9a7fffffff,  CBOR_TRUNCATED,         0",
    "9bffffffffffffffff, CBOR_TRUNCATED,  0",
    "ba00ffffff00, CBOR_TRUNCATED,        0",
    "c1,          CBOR_TRUNCATED,         0",
    "8201,        CBOR_TRUNCATED,         0",
    "8118,        CBOR_TRUNCATED,         1",
    "1817,        CBOR_NOT_SHORTEST_FORM, 0",
    "1900ff,      CBOR_NOT_SHORTEST_FORM, 0",
    "1a0000ffff,  CBOR_NOT_SHORTEST_FORM, 0",
    "1b00000000ffffffff, CBOR_NOT_SHORTEST_FORM, 0",
    "5801ff,      CBOR_NOT_SHORTEST_FORM, 0",
    "d801f6,      CBOR_NOT_SHORTEST_FORM, 0",
    "f818,        CBOR_NOT_SHORTEST_FORM, 0",
    "9801f6,      CBOR_NOT_SHORTEST_FORM, 0",
    "5f4101ff,    CBOR_INDEFINITE_LENGTH, 0",
    "7f6101ff,    CBOR_INDEFINITE_LENGTH, 0",
    "9fff,        CBOR_INDEFINITE_LENGTH, 0",
    "bfff,        CBOR_INDEFINITE_LENGTH, 0",
    "ff,          CBOR_INDEFINITE_LENGTH, 0",
    "1c,          CBOR_RESERVED_ENCODING, 0",
    "1f,          CBOR_RESERVED_ENCODING, 0",
    "df01,        CBOR_RESERVED_ENCODING, 0",
    "fc,          CBOR_RESERVED_ENCODING, 0",
    "62c328,      CBOR_INVALID_UTF8,      0",
    "63eda080,    CBOR_INVALID_UTF8,      0",
    "62c080,      CBOR_INVALID_UTF8,      0",
    "a201000102,  CBOR_DUPLICATE_KEY,     3",
    "a2616100616102, CBOR_DUPLICATE_KEY,  4",
    "a28101008101f6, CBOR_DUPLICATE_KEY,  4",
    "8201a2c101f6c101f6, CBOR_DUPLICATE_KEY, 6",
    "0000,        CBOR_TRAILING_BYTES,    1",
    "818181818181818180, CBOR_TOO_DEEP,   8",
    "c1c1c1c1c1c1c1c1c100, CBOR_TOO_DEEP, 8"
  })
  void refusesWithReasonAndOffset(String hex, Reason reason, int offset) {
    MalformedCborException refused = refusal(hex);

    assertThat(refused).isNotNull();
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.offset()).isEqualTo(offset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8181818181818100", "a201f602f6", "a2018101028101", "80", "a0", "818180"})
  void acceptsWhatIsWithinTheRules(String hex) {
    assertThat(refusal(hex)).isNull();
  }

  @Test
  void readsNestedContainersWithoutClosingThem() throws Exception {
    CborReader reader = reader("83a10102820304c105");

    assertThat(reader.readArray(3)).isEqualTo(3);
    assertThat(reader.readMap(1)).isEqualTo(1);
    assertThat(reader.readLong()).isEqualTo(1);
    assertThat(reader.readLong()).isEqualTo(2);
    assertThat(reader.readArray(2)).isEqualTo(2);
    assertThat(reader.readLong()).isEqualTo(3);
    assertThat(reader.readLong()).isEqualTo(4);
    assertThat(reader.readTag()).isEqualTo(1);
    assertThat(reader.readLong()).isEqualTo(5);
    reader.end();
    assertThat(reader.atEnd()).isTrue();
  }

  @Test
  void depthIsFreeAgainAfterAContainerIsRead() throws Exception {
    CborReader reader = new CborReader(HexFormat.of().parseHex("83818081808180"), 3);

    reader.skip();
    reader.end();

    assertThat(reader.atEnd()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "readText, 4100",
    "readBytes, 6161",
    "readLong, f90000",
    "readArray, a0",
    "readMap, 80",
    "readTag, 00",
    "readBoolean, f6",
    "readNull, f5",
    "readDouble, 00",
    "readSimple, f6"
  })
  void refusesAnItemOfAnotherType(String call, String hex) {
    CborReader reader = reader(hex);

    MalformedCborException refused =
        catchThrowableOfType(
            MalformedCborException.class,
            () -> {
              switch (call) {
                case "readText" -> reader.readText(9);
                case "readBytes" -> reader.readBytes(9);
                case "readLong" -> reader.readLong();
                case "readArray" -> reader.readArray(9);
                case "readMap" -> reader.readMap(9);
                case "readTag" -> reader.readTag();
                case "readBoolean" -> reader.readBoolean();
                case "readNull" -> reader.readNull();
                case "readDouble" -> reader.readDouble();
                default -> reader.readSimple();
              }
            });

    assertThat(refused.reason()).isEqualTo(Reason.CBOR_UNEXPECTED_TYPE);
    assertThat(reader.offset()).as("nothing is consumed").isZero();
  }

  @ParameterizedTest
  @CsvSource({"readText, 626161", "readBytes, 426161", "readArray, 820000", "readMap, a200000100"})
  void refusesWhatIsAboveTheCallersLimit(String call, String hex) {
    CborReader reader = reader(hex);

    MalformedCborException refused =
        catchThrowableOfType(
            MalformedCborException.class,
            () -> {
              switch (call) {
                case "readText" -> reader.readText(1);
                case "readBytes" -> reader.readBytes(1);
                case "readArray" -> reader.readArray(1);
                default -> reader.readMap(1);
              }
            });

    assertThat(refused.reason()).isEqualTo(Reason.CBOR_TOO_LONG);
  }

  @Test
  void integersBeyondALongAreRefusedAsLongAndRoundedOnceAsDouble() throws Exception {
    assertThat(reader("1b7fffffffffffffff").readLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(reader("3b7fffffffffffffff").readLong()).isEqualTo(Long.MIN_VALUE);
    var refused =
        catchThrowableOfType(
            MalformedCborException.class, () -> reader("1b8000000000000000").readLong());
    assertThat(refused.reason()).isEqualTo(Reason.CBOR_NUMBER_OUT_OF_RANGE);
    assertThat(reader("1bffffffffffffffff").readIntegerAsDouble()).isEqualTo(0x1p64);
    assertThat(reader("3bffffffffffffffff").readIntegerAsDouble()).isEqualTo(-0x1p64);
    assertThat(reader("1b8000000000000401").readIntegerAsDouble())
        .as("just above the middle between two doubles")
        .isEqualTo(0x1p63 + 0x1p11);
    assertThat(reader("3b0020000000000001").readIntegerAsDouble())
        .as("-(2^53 + 2) is a double")
        .isEqualTo(-0x1.0000000000001p53);
  }

  @Test
  void slicesAreTheBytesThatCame() throws Exception {
    CborReader reader = reader("8243a1010263616263");
    reader.readArray(2);

    CborSlice wrapped = reader.readByteSlice(10);
    CborSlice raw = reader.skip();

    assertThat(wrapped.offset()).isEqualTo(2);
    assertThat(wrapped.toBytes()).isEqualTo(HexFormat.of().parseHex("a10102"));
    assertThat(wrapped.toBuffer().isReadOnly()).isTrue();
    assertThat(raw.toBytes()).isEqualTo(HexFormat.of().parseHex("63616263"));
    CborReader inner = wrapped.reader(2);
    assertThat(inner.readMap(1)).isEqualTo(1);
    inner.readLong();
    var refused = catchThrowableOfType(MalformedCborException.class, () -> inner.readText(1));
    assertThat(refused.offset()).as("counted from the whole input").isEqualTo(4);
  }

  @Test
  void aReaderNeverLooksOutsideItsSlice() {
    CborReader reader = new CborReader(HexFormat.of().parseHex("00420102"), 1, 2, 4);

    var refused = catchThrowableOfType(MalformedCborException.class, () -> reader.readBytes(9));

    assertThat(refused.reason()).isEqualTo(Reason.CBOR_TRUNCATED);
    assertThatIllegalArgumentException().isThrownBy(() -> new CborReader(new byte[3], 2, 2, 1));
  }

  @Test
  void leavingItemsUnreadIsTheCallersMistake() throws Exception {
    CborReader reader = reader("820102");
    reader.readArray(2);
    reader.readLong();

    assertThatIllegalStateException().isThrownBy(reader::end);
  }
}
