// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static JsonReader reader(String json) {
    return new JsonReader(json.getBytes(UTF_8), 8);
  }

  private static MalformedJsonException refusal(byte[] json) {
    return catchThrowableOfType(
        MalformedJsonException.class,
        () -> {
          JsonReader reader = new JsonReader(json, 8);
          reader.skip();
          reader.end();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                | JSON_TRUNCATED      | 0",
        "`  `              | JSON_TRUNCATED      | 2",
        "[1,               | JSON_TRUNCATED      | 3",
        "{\"a\":           | JSON_TRUNCATED      | 5",
        "\"abc             | JSON_TRUNCATED      | 0",
        "\"abc\\\"         | JSON_TRUNCATED      | 0",
        "tru               | JSON_TRUNCATED      | 3",
        "-                 | JSON_TRUNCATED      | 1",
        "1.                | JSON_TRUNCATED      | 2",
        "1e+               | JSON_TRUNCATED      | 3",
        "[1,]              | JSON_SYNTAX         | 3",
        "[,1]              | JSON_SYNTAX         | 1",
        "[1 2]             | JSON_SYNTAX         | 3",
        "{\"a\":1,}        | JSON_SYNTAX         | 7",
        "{a:1}             | JSON_SYNTAX         | 1",
        "{\"a\" 1}         | JSON_SYNTAX         | 5",
        "[01]              | JSON_SYNTAX         | 2",
        "[+1]              | JSON_SYNTAX         | 1",
        "[.5]              | JSON_SYNTAX         | 1",
        "[1.e1]            | JSON_SYNTAX         | 3",
        "[NaN]             | JSON_SYNTAX         | 1",
        "[trux]            | JSON_SYNTAX         | 4",
        "/**/1             | JSON_SYNTAX         | 0",
        "'a'               | JSON_SYNTAX         | 0",
        "\"\\x41\"         | JSON_SYNTAX         | 1",
        "\"\\u12G4\"       | JSON_SYNTAX         | 1",
        "\"\\u123\"        | JSON_SYNTAX         | 1",
        "\"\\ud800\"       | JSON_INVALID_TEXT   | 0",
        "\"\\udc00\\ud800\"| JSON_INVALID_TEXT   | 0",
        "\"\\ud800x\"      | JSON_INVALID_TEXT   | 0",
        "[1e309]           | JSON_NUMBER_OUT_OF_RANGE | 1",
        "[-1e999999999]    | JSON_NUMBER_OUT_OF_RANGE | 1",
        "[1e-400]          | JSON_NUMBER_OUT_OF_RANGE | 1",
        "{\"a\":1,\"a\":2} | JSON_DUPLICATE_NAME | 7",
        "{\"a\":1,\"\\u0061\":2} | JSON_DUPLICATE_NAME | 7",
        "1 2               | JSON_TRAILING_BYTES | 2",
        "[]]               | JSON_TRAILING_BYTES | 2",
        "[[[[[[[[[         | JSON_TOO_DEEP       | 8",
        "[[{\"a\":[[[[[[   | JSON_TOO_DEEP       | 12"
      })
  void refusesWithReasonAndOffset(String json, Reason reason, int offset) {
    MalformedJsonException refused = refusal(json.getBytes(UTF_8));

    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.offset()).isEqualTo(offset);
  }

  @ParameterizedTest
  @CsvSource({
    "efbbbf31,     JSON_SYNTAX",
    "22c32822,     JSON_INVALID_TEXT",
    "22eda08022,   JSON_INVALID_TEXT",
    "22c08022,     JSON_INVALID_TEXT",
    "220a22,       JSON_SYNTAX",
    "220022,       JSON_SYNTAX",
    "0c31,         JSON_SYNTAX"
  })
  void refusesBytesThatAreNoText(String hex, Reason reason) {
    MalformedJsonException refused = refusal(HexFormat.of().parseHex(hex));

    assertThat(refused.reason()).isEqualTo(reason);
  }

  @Test
  void aNumberMayHave64CharactersAndNoMore() throws Exception {
    String longest = "1." + "0".repeat(62);

    assertThat(reader(longest).readDouble()).isEqualTo(1);
    MalformedJsonException refused = refusal((longest + "0").getBytes(UTF_8));

    assertThat(refused.reason()).isEqualTo(Reason.JSON_TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"abc\"", "\"\\u0061\\u0062\\u0063\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa\""})
  void aTextMayHaveTheCallersLimitAndNoMore(String json) throws Exception {
    int length = reader(json).readText(Integer.MAX_VALUE).length();

    assertThat(reader(json).readText(length)).hasSize(length);
    var refused =
        catchThrowableOfType(MalformedJsonException.class, () -> reader(json).readText(length - 1));

    assertThat(refused.reason()).isEqualTo(Reason.JSON_TOO_LONG);
  }

  @Test
  void readsWhatTheGrammarAllows() throws Exception {
    JsonReader json =
        reader(
            " { \"a\" : [ 0 , -0.0 , 1E2,1.5e-3 ] , \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83d\\ude00水\":"
                + " null, \"t\":true,\"f\" :false, \"o\":{}, \"e\":[] }\n");
    List<Double> numbers = new ArrayList<>();

    json.beginObject();
    assertThat(json.nextName(9)).isEqualTo("a");
    json.beginArray();
    while (json.nextElement()) {
      numbers.add(json.readDouble());
    }
    assertThat(json.nextName(99)).isEqualTo("\"\\/\b\f\n\r\t😀水");
    json.readNull();
    assertThat(json.nextName(9)).isEqualTo("t");
    assertThat(json.readBoolean()).isTrue();
    assertThat(json.nextName(9)).isEqualTo("f");
    assertThat(json.readBoolean()).isFalse();
    assertThat(json.nextName(9)).isEqualTo("o");
    json.skip();
    assertThat(json.nextName(9)).isEqualTo("e");
    json.skip();
    assertThat(json.nextName(9)).isNull();
    json.end();

    assertThat(numbers).containsExactly(0.0, -0.0, 100.0, 0.0015);
  }

  @Test
  void refusesAValueOfAnotherType() {
    var refused = catchThrowableOfType(MalformedJsonException.class, () -> reader("1").readText(9));

    assertThat(refused.reason()).isEqualTo(Reason.JSON_UNEXPECTED_TYPE);
  }

  @Test
  void walkingOutOfStepIsTheCallersMistake() throws Exception {
    JsonReader json = reader("[1,2]");
    json.beginArray();

    assertThatIllegalStateException().isThrownBy(json::readDouble);
    assertThatIllegalStateException().isThrownBy(() -> json.nextName(1));
    assertThatIllegalStateException().isThrownBy(json::end);
  }

  @Test
  void whatTheWriterWritesTheReaderReads() throws Exception {
    String text = "\u0000\u001f\u007f\u2028\u2029\"\\/\n😀水";
    String line =
        new JsonWriter()
            .beginObject()
            .name(text)
            .beginArray()
            .number(1)
            .number(-0.0)
            .number(0x1p53)
            .number(1.5e300)
            .bool(true)
            .nil()
            .text(text)
            .endArray()
            .endObject()
            .toString();

    assertThat(line)
        .doesNotContain("\n")
        .doesNotContain("\u2028")
        .contains("[1,-0.0,9007199254740992,1.5e300,true,null,");
    JsonReader json = reader(line);
    json.beginObject();
    assertThat(json.nextName(99)).isEqualTo(text);
    json.skip();
    assertThat(json.nextName(99)).isNull();
    json.end();
  }

  @Test
  void theWriterRefusesWhatJsonCannotSay() {
    for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(
              catchThrowableOfType(
                  IllegalArgumentException.class, () -> new JsonWriter().number(none)))
          .isNotNull();
    }
    for (String half : List.of("\ud800", "\udc00", "\ud800\ud800", "a\udc00\ud800")) {
      assertThat(
              catchThrowableOfType(
                  IllegalArgumentException.class, () -> new JsonWriter().text(half)))
          .isNotNull();
    }
  }
}
