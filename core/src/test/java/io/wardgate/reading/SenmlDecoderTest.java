// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Provision("5.13-1A")
class SenmlDecoderTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static List<Reading> json(String pack) throws ReadingRefusedException {
    return json(pack, NOW);
  }

  private static List<Reading> json(String pack, Instant received) throws ReadingRefusedException {
    return new SenmlDecoder(SenmlDecoder.Limits.DEFAULT)
        .decode(SenmlFormat.SENML_JSON, pack.replace('\'', '"').getBytes(UTF_8), received);
  }

  private static List<Reading> cbor(String hex) throws ReadingRefusedException {
    return cbor(hex, NOW);
  }

  private static List<Reading> cbor(String hex, Instant received) throws ReadingRefusedException {
    return new SenmlDecoder(SenmlDecoder.Limits.DEFAULT)
        .decode(SenmlFormat.SENML_CBOR, HexFormat.of().parseHex(hex.replace(" ", "")), received);
  }

  private static ReadingRefusedException jsonRefusal(String pack) {
    return catchThrowableOfType(ReadingRefusedException.class, () -> json(pack));
  }

  private static ReadingRefusedException cborRefusal(String hex) {
    return catchThrowableOfType(ReadingRefusedException.class, () -> cbor(hex));
  }

  private static Value quantity(double number) {
    return new Value.Quantity(number);
  }

  /** Each would be written as six characters, once for each record it is in force for. */
  @Test
  @Provision("5.13-1B")
  void refusesUnitsAndLoneNamesThatAreNoPlainText() throws Exception {
    for (String odd : List.of("\\u0001", "\\u007f", "\\u2028", "\\u202e")) {
      for (String pack :
          List.of(
              "[{'n':'a','u':'" + odd + "','v':1}]",
              "[{'n':'a','bu':'" + odd + "','v':1}]",
              "[{'bn':'" + odd + "','v':1}]")) {
        assertThat(jsonRefusal(pack).reason()).as(pack).isEqualTo(Reason.SENML_NAME_INVALID);
      }
      assertThat(json("[{'bn':'" + odd + "','n':'a','v':1}]")).as("data beside a name").hasSize(1);
    }
    assertThat(json("[{'n':'a','u':'\u00b0C','v':1}]")).hasSize(1);
  }

  @Test
  void readsASingleDatapoint() throws Exception {
    Reading reading = json("[{'n':'urn:dev:ow:10e2073a01080063','u':'Cel','v':23.1}]").get(0);

    assertThat(reading.code()).isEqualTo("urn:dev:ow:10e2073a01080063");
    assertThat(reading.unit()).contains("Cel");
    assertThat(reading.value()).contains(quantity(23.1));
    assertThat(reading.time()).isEqualTo(NOW);
    assertThat(reading.sum()).isEmpty();
    assertThat(reading.updateTime()).isEmpty();
  }

  @Test
  void appliesBaseFieldsToThisAndLaterRecords() throws Exception {
    Instant received = Instant.parse("2010-06-08T18:01:20Z");
    List<Reading> readings =
        json(
            "[{'bn':'urn:dev:ow:10e2073a0108006:','bt':1.276020076001e+09,'bu':'A','bver':5,"
                + "'n':'voltage','u':'V','v':120.1},{'n':'current','t':-5,'v':1.2},"
                + "{'n':'current','v':1.7}]",
            received);

    assertThat(readings)
        .extracting(Reading::name)
        .containsExactly(
            "urn:dev:ow:10e2073a0108006:voltage",
            "urn:dev:ow:10e2073a0108006:current",
            "urn:dev:ow:10e2073a0108006:current");
    assertThat(readings).extracting(Reading::code).containsExactly("voltage", "current", "current");
    assertThat(readings)
        .extracting(Reading::unit)
        .containsExactly(Optional.of("V"), Optional.of("A"), Optional.of("A"));
    assertThat(readings)
        .extracting(Reading::time)
        .containsExactly(
            Instant.parse("2010-06-08T18:01:16.001Z"),
            Instant.parse("2010-06-08T18:01:11.001Z"),
            Instant.parse("2010-06-08T18:01:16.001Z"));
  }

  @Test
  void readsTheSamePackInCborAsInJson() throws Exception {
    Instant received = Instant.parse("2010-06-08T18:01:20Z");
    List<Reading> cbor =
        cbor(
            "82 a7 21 6462613a2f 22 fb41d303a15b001062 23 6141 20 05 00 67766f6c74616765 01 6156"
                + " 02 fb405e066666666666 a3 00 6763757272656e74 06 24 02 fb3ff3333333333333",
            received);

    assertThat(cbor)
        .isEqualTo(
            json(
                "[{'bn':'ba:/','bt':1276020076.001,'bu':'A','bver':5,'n':'voltage','u':'V',"
                    + "'v':120.1},{'n':'current','t':-5,'v':1.2}]",
                received));
    assertThat(cbor.get(1).time()).isEqualTo(Instant.parse("2010-06-08T18:01:11.001Z"));
  }

  @Test
  void readsEveryKindOfValue() throws Exception {
    List<Reading> readings =
        json(
            "[{'bn':'urn:dev:ow:10e2073a01080063:','n':'temp','u':'Cel','v':23.1},"
                + "{'n':'label','vs':'Machine Room'},{'n':'open','vb':false},"
                + "{'n':'nfc-reader','vd':'aGkgCg'},{'n':'energy','s':12.5,'ut':60}]");

    assertThat(readings)
        .extracting(Reading::value)
        .containsExactly(
            Optional.of(quantity(23.1)),
            Optional.of(new Value.Text("Machine Room")),
            Optional.of(new Value.Flag(false)),
            Optional.of(new Value.Data("hi \n".getBytes(UTF_8))),
            Optional.empty());
    assertThat(readings.get(4).sum()).hasValue(12.5);
    assertThat(readings.get(4).updateTime()).hasValue(60);
  }

  @Test
  void theBaseNameOfALaterRecordReplacesTheEarlierAndTheBaseTimeStays() throws Exception {
    Instant received = Instant.parse("2011-10-31T16:27:10Z");
    List<Reading> readings =
        json(
            "[{'bn':'2001:db8::2/','bt':1.320078429e+09,'n':'temperature','u':'Cel','v':25.2},"
                + "{'n':'humidity','u':'%RH','v':30},"
                + "{'bn':'2001:db8::1/','n':'temperature','u':'Cel','v':12.3},"
                + "{'n':'humidity','u':'%RH','v':67}]",
            received);

    assertThat(readings)
        .extracting(Reading::name)
        .containsExactly(
            "2001:db8::2/temperature",
            "2001:db8::2/humidity",
            "2001:db8::1/temperature",
            "2001:db8::1/humidity");
    assertThat(readings)
        .extracting(Reading::time)
        .containsOnly(Instant.parse("2011-10-31T16:27:09Z"));
  }

  @Test
  void baseValueAndBaseSumAreAddedAndStandForWhatIsMissing() throws Exception {
    List<Reading> readings =
        json(
            "[{'n':'a','bv':100,'v':2},{'n':'b'},{'n':'c','vs':'x'},{'n':'d','s':1},"
                + "{'n':'e','bs':10,'v':-100},{'n':'f','s':1,'vb':true}]");

    assertThat(readings)
        .extracting(Reading::value)
        .containsExactly(
            Optional.of(quantity(102)),
            Optional.of(quantity(100)),
            Optional.of(new Value.Text("x")),
            Optional.of(quantity(100)),
            Optional.of(quantity(0)),
            Optional.of(new Value.Flag(true)));
    assertThat(readings)
        .extracting(Reading::sum)
        .containsExactly(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(1),
            OptionalDouble.of(10),
            OptionalDouble.of(11));
  }

  @Test
  void theCodeIsTheOwnNameWhateverTheBaseNameClaims() throws Exception {
    Reading reading = json("[{'bn':'147842/\\u0000 ../ pump-0042\\n','n':'150456','v':97}]").get(0);

    assertThat(reading.code()).isEqualTo("150456");
    assertThat(reading.baseName()).isEqualTo("147842/\u0000 ../ pump-0042\n");
  }

  @Test
  void aBaseNameIsNeverAReasonToRefuse() throws Exception {
    for (String base : List.of("", " ", "-", "\\u0007", "水", "x".repeat(60_000))) {
      assertThat(json("[{'bn':'" + base + "','n':'147842','v':72}]").get(0).code())
          .isEqualTo("147842");
    }
  }

  @Test
  void aBaseNameThatStandsAloneIsTheName() throws Exception {
    assertThat(json("[{'bn':'147842','v':72}]").get(0).code()).isEqualTo("147842");
    assertThat(jsonRefusal("[{'bn':'" + "1".repeat(256) + "','v':72}]").reason())
        .isEqualTo(Reason.SENML_NAME_TOO_LONG);
  }

  @Test
  void unknownCodesUnitsAndFieldsPassThrough() throws Exception {
    Reading reading =
        json("[{'n':'999999999','u':'furlong','v':1,'x':{'y':[1,2]},'ct':'text/csv'}]").get(0);

    assertThat(reading.code()).isEqualTo("999999999");
    assertThat(reading.unit()).contains("furlong");
    assertThat(cbor("81 a3 00 6131 02 01 6178 a1 01 02").get(0).code()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({
    "'',                     2026-11-23T12:00:00Z",
    "',\"t\":-1.5',          2026-11-23T11:59:58.5Z",
    "',\"t\":0.000001',      2026-11-23T12:00:00.000001Z",
    "',\"bt\":60,\"t\":1',   2026-11-23T12:01:01Z",
    "',\"t\":1795435200',    2026-11-23T12:00:00Z",
    "',\"bt\":1795435200.25,\"t\":-0.125', 2026-11-23T12:00:00.125Z"
  })
  void timesAreRelativeToReceiptOrAbsolute(String fields, Instant expected) throws Exception {
    assertThat(json("[{'n':'1','v':1" + fields + "}]").get(0).time()).isEqualTo(expected);
  }

  @Test
  void twoToTheTwentyEighthIsTheFirstAbsoluteTime() throws Exception {
    Instant received = Instant.ofEpochSecond(1L << 28);

    assertThat(json("[{'n':'1','v':1,'t':268435456}]", received).get(0).time()).isEqualTo(received);
    var refused =
        catchThrowableOfType(
            ReadingRefusedException.class, () -> json("[{'n':'1','v':1,'t':268435455}]", received));
    assertThat(refused.reason()).isEqualTo(Reason.SENML_TIME_OUTSIDE_WINDOW);
  }

  @ParameterizedTest
  @ValueSource(longs = {-31L * 86400, 86400, 0})
  void theEdgesOfTheTimeWindowAreInside(long seconds) throws Exception {
    Instant edge = NOW.plusSeconds(seconds);

    assertThat(json("[{'n':'1','v':1,'t':" + seconds + "}]").get(0).time()).isEqualTo(edge);
    assertThat(json("[{'n':'1','v':1,'t':" + edge.getEpochSecond() + "}]").get(0).time())
        .isEqualTo(edge);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-2678401", "86401", "-1e10", "1e12", "1e308", "-1e308", "1000000000"})
  void refusesTimesOutsideTheWindow(String time) {
    for (String field : List.of("t", "bt")) {
      assertThat(jsonRefusal("[{'n':'1','v':1,'" + field + "':" + time + "}]").reason())
          .isEqualTo(Reason.SENML_TIME_OUTSIDE_WINDOW);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                  | SENML_NO_RECORD",
        "[{}]                                | SENML_VALUE_MISSING",
        "[{'n':'1'}]                         | SENML_VALUE_MISSING",
        "[{'n':'1','u':'Cel','t':0,'ut':1}]  | SENML_VALUE_MISSING",
        "[{'v':1}]                           | SENML_NAME_MISSING",
        "[{'n':'','bn':'','v':1}]            | SENML_NAME_MISSING",
        "[{'n':'a b','v':1}]                 | SENML_NAME_INVALID",
        "[{'n':'1\\u0000','v':1}]            | SENML_NAME_INVALID",
        "[{'n':'-1','v':1}]                  | SENML_NAME_INVALID",
        "[{'bn':'x','n':'é','v':1}]          | SENML_NAME_INVALID",
        "[{'n':'1','v':1,'vs':'1'}]          | SENML_VALUE_AMBIGUOUS",
        "[{'n':'1','vb':true,'vd':''}]       | SENML_VALUE_AMBIGUOUS",
        "[{'n':'1','v':1,'v':1}]             | JSON_DUPLICATE_NAME",
        "[{'n':'1','v':'1'}]                 | JSON_UNEXPECTED_TYPE",
        "[{'n':147842,'v':1}]                | JSON_UNEXPECTED_TYPE",
        "[{'n':'1','v':null}]                | JSON_UNEXPECTED_TYPE",
        "{'n':'1','v':1}                     | JSON_UNEXPECTED_TYPE",
        "[[]]                                | JSON_UNEXPECTED_TYPE",
        "[{'n':'1','v':1}]x                  | JSON_TRAILING_BYTES",
        "[{'n':'1','v':1e999}]               | JSON_NUMBER_OUT_OF_RANGE",
        "[{'n':'1','v':1,'x':[[[[[[[1]]]]]]]}] | JSON_TOO_DEEP",
        "[{'n':'1','bv':1e308,'v':1e308}]    | SENML_VALUE_NOT_FINITE",
        "[{'n':'1','bs':-1e308,'s':-1e308}]  | SENML_VALUE_NOT_FINITE",
        "[{'n':'1','v':1,'must_':1}]         | SENML_EXTENSION_NOT_UNDERSTOOD",
        "[{'bver':11,'n':'1','v':1}]         | SENML_VERSION_UNSUPPORTED",
        "[{'bver':27,'n':'1','v':1}]         | SENML_VERSION_UNSUPPORTED",
        "[{'bver':0,'n':'1','v':1}]          | SENML_VERSION_UNSUPPORTED",
        "[{'bver':9.5,'n':'1','v':1}]        | SENML_VERSION_UNSUPPORTED",
        "[{'bver':10,'n':'1','v':1},{'bver':9,'n':'1','v':1}] | SENML_VERSION_UNSUPPORTED",
        "[{'n':'1','vd':'aGk='}]             | SENML_DATA_NOT_BASE64URL",
        "[{'n':'1','vd':'a+/v'}]             | SENML_DATA_NOT_BASE64URL",
        "[{'n':'1','vd':'aGl'}]              | SENML_DATA_NOT_BASE64URL",
        "[{'n':'1','vd':'a'}]                | SENML_DATA_NOT_BASE64URL"
      })
  void refusesJsonWithReason(String pack, Reason reason) {
    ReadingRefusedException refused = jsonRefusal(pack);

    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.offset()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "80,                         SENML_NO_RECORD",
    "81 a1 00 6131,              SENML_VALUE_MISSING",
    "81 a2 00 6131 02 f97e00,    SENML_VALUE_NOT_FINITE",
    "81 a2 00 6131 02 f9fc00,    SENML_VALUE_NOT_FINITE",
    "81 a2 00 6131 05 fb7ff0000000000000, SENML_VALUE_NOT_FINITE",
    "81 a3 00 6131 02 01 06 f97e00, SENML_VALUE_NOT_FINITE",
    "81 a3 00 6131 02 01 09 01,  SENML_LABEL_UNKNOWN",
    "81 a3 00 6131 02 01 26 01,  SENML_LABEL_UNKNOWN",
    "81 a2 00 6131 6176 01,      SENML_LABEL_UNKNOWN",
    "81 a3 00 6131 02 01 62785f 01, SENML_EXTENSION_NOT_UNDERSTOOD",
    "81 a3 00 6131 02 01 02 02,  CBOR_DUPLICATE_KEY",
    "81 a3 00 6131 02 01 f5 02,  CBOR_UNEXPECTED_TYPE",
    "81 a2 00 01 02 01,          CBOR_UNEXPECTED_TYPE",
    "81 a2 00 6131 02 6131,      CBOR_UNEXPECTED_TYPE",
    "81 a2 00 6131 02 c101,      CBOR_UNEXPECTED_TYPE",
    "81 a2 00 6131 02 c48101,    CBOR_UNEXPECTED_TYPE",
    "81 a2 00 6131 02 c482 190191 01, CBOR_NUMBER_OUT_OF_RANGE",
    "81 a2 00 6131 02 c482 3903e7 01, CBOR_NUMBER_OUT_OF_RANGE",
    "81 a2 00 6131 02 c482 3b7fffffffffffffff 01, CBOR_NUMBER_OUT_OF_RANGE",
    "81 a2 00 6131 02 c482 00 c24101, CBOR_UNEXPECTED_TYPE",
    "d9d9f7 81 a2 00 6131 02 01, CBOR_UNEXPECTED_TYPE",
    "9f a2 00 6131 02 01 ff,     CBOR_INDEFINITE_LENGTH",
    "81 bf 00 6131 02 01 ff,     CBOR_INDEFINITE_LENGTH",
    "81 a2 00 6131 02 1801,      CBOR_NOT_SHORTEST_FORM",
    "81 a2 00 6131 02 01 00,     CBOR_TRAILING_BYTES",
    "81 a3 00 6131 02 01 6178 81818181818180, CBOR_TOO_DEEP"
  })
  void refusesCborWithReason(String hex, Reason reason) {
    ReadingRefusedException refused = cborRefusal(hex);

    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.offset()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "02,                   2",
    "21,                   -2",
    "fa3dcccccd,           0.10000000149011612",
    "fb3fb999999999999a,   0.1",
    "c48221196ab3,         273.15",
    "c4820139270f,         -100000",
    "c482190134 01,        1e308",
    "1bffffffffffffffff,   18446744073709551615"
  })
  void readsNumbersHoweverCborSaysThem(String number, double expected) throws Exception {
    assertThat(cbor("81 a2 00 6131 02 " + number).get(0).value()).contains(quantity(expected));
  }

  @Test
  void versionTenAndSecondaryUnitsAreUnderstood() throws Exception {
    assertThat(json("[{'bver':10,'n':'1','v':1},{'n':'2','v':1}]")).hasSize(2);
    assertThat(json("[{'bver':26,'n':'1','u':'mV','v':1}]").get(0).unit()).contains("mV");
  }

  @Test
  void aRefusalSaysWhereButNotWhat() {
    ReadingRefusedException refused =
        jsonRefusal("[{'n':'1','v':1},{'n':'secret name','v':123456789}]");

    assertThat(refused.offset()).hasValue(16);
    assertThat(refused).hasMessageNotContainingAny("secret", "123456789");
    assertThat(refused.reason()).isEqualTo(Reason.SENML_NAME_INVALID);
  }

  @Test
  void aReadingDoesNotShowItsValueInLogs() throws Exception {
    assertThat(json("[{'n':'147842','v':187.25}]").get(0)).hasToString("Reading[147842]");
  }

  @Test
  void formatsAreKnownByTheirNumber() throws Exception {
    assertThat(SenmlFormat.of(OptionalInt.of(112))).isEqualTo(SenmlFormat.SENML_CBOR);
    assertThat(SenmlFormat.of(OptionalInt.of(110))).isEqualTo(SenmlFormat.SENML_JSON);
    for (OptionalInt other : List.of(OptionalInt.empty(), OptionalInt.of(0), OptionalInt.of(60))) {
      var refused = catchThrowableOfType(WardgateException.class, () -> SenmlFormat.of(other));
      assertThat(refused.reason()).isEqualTo(Reason.CONTENT_FORMAT_UNSUPPORTED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "maxBytes,      SENML_TOO_LARGE",
    "maxDepth,      JSON_TOO_DEEP",
    "maxRecords,    SENML_TOO_MANY_RECORDS",
    "maxNameLength, SENML_NAME_TOO_LONG",
    "maxUnitLength, SENML_NAME_TOO_LONG",
    "maxBaseUnit,   SENML_NAME_TOO_LONG",
    "maxTextLength, SENML_VALUE_TOO_LONG",
    "maxDataBytes,  SENML_VALUE_TOO_LONG",
    "past,          SENML_TIME_OUTSIDE_WINDOW",
    "future,        SENML_TIME_OUTSIDE_WINDOW"
  })
  void everyLimitHoldsAtItsEdge(String limit, Reason reason) throws Exception {
    SenmlDecoder decoder =
        new SenmlDecoder(
            new SenmlDecoder.Limits(
                150, 3, 3, 5, 6, 7, Duration.ofSeconds(8), Duration.ofSeconds(9)));

    assertThat(decode(decoder, limit, 0)).isNotEmpty();
    var refused =
        catchThrowableOfType(ReadingRefusedException.class, () -> decode(decoder, limit, 1));

    assertThat(refused.reason()).isEqualTo(reason);
  }

  /** A pack that is exactly at the limit, or {@code above} it. */
  private static List<Reading> decode(SenmlDecoder decoder, String limit, int above)
      throws ReadingRefusedException {
    String pack =
        switch (limit) {
          case "maxBytes" -> "[{\"n\":\"1\",\"v\":1}]" + " ".repeat(133 + above);
          case "maxDepth" ->
              "[{\"n\":\"1\",\"v\":1,\"x\":" + "[".repeat(1 + above) + "]".repeat(1 + above) + "}]";
          case "maxRecords" ->
              "[{\"n\":\"1\",\"v\":1}" + ",{\"n\":\"1\",\"v\":1}".repeat(2 + above) + "]";
          case "maxNameLength" -> "[{\"n\":\"" + "1".repeat(5 + above) + "\",\"v\":1}]";
          case "maxUnitLength" -> "[{\"n\":\"1\",\"u\":\"" + "1".repeat(5 + above) + "\",\"v\":1}]";
          case "maxBaseUnit" -> "[{\"n\":\"1\",\"bu\":\"" + "1".repeat(5 + above) + "\",\"v\":1}]";
          case "maxTextLength" -> "[{\"n\":\"1\",\"vs\":\"" + "1".repeat(6 + above) + "\"}]";
          case "maxDataBytes" ->
              "[{\"n\":\"1\",\"vd\":\"" + (above == 0 ? "AAAAAAAAAA" : "AAAAAAAAAAA") + "\"}]";
          case "past" -> "[{\"n\":\"1\",\"v\":1,\"t\":" + (-8 - above) + "}]";
          default -> "[{\"n\":\"1\",\"v\":1,\"t\":" + (9 + above) + "}]";
        };
    return decoder.decode(SenmlFormat.SENML_JSON, pack.getBytes(UTF_8), NOW);
  }
}
