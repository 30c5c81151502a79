// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.wardgate.Reason;
import io.wardgate.fixtures.NeedsShared;
import io.wardgate.fixtures.Shared;
import io.wardgate.json.JsonReader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The examples of RFC 8949 appendix A, read from where the project's shared vectors lie. */
class CborVectorsTest {

  @Test
  @NeedsShared("vectors/cbor/appendix_a.json")
  void readsEveryExampleOfTheStandardAndRefusesThoseOfIndefiniteLength() throws Exception {
    JsonReader json =
        new JsonReader(Files.readAllBytes(Shared.path("vectors/cbor/appendix_a.json")), 16);
    int read = 0;
    int refused = 0;
    json.beginArray();
    while (json.nextElement()) {
      Map<String, @Nullable Object> vector = Json.object(json);
      String hex = String.valueOf(vector.get("hex"));
      if (hex.startsWith("f818")) {
        assertRefused(hex, Reason.CBOR_NOT_SHORTEST_FORM);
        refused++;
      } else if (hex.matches("(5f|7f|9f|bf|83018202039f|83019f|826161bf).*")) {
        assertRefused(hex, Reason.CBOR_INDEFINITE_LENGTH);
        refused++;
      } else {
        CborReader reader = new CborReader(HexFormat.of().parseHex(hex), 8);
        Object item = item(reader);
        reader.end();
        Object expected =
            vector.containsKey("decoded") ? vector.get("decoded") : vector.get("diagnostic");
        assertThat(item).as(hex).isEqualTo(expected);
        read++;
      }
    }
    json.end();
    assertThat(read).isEqualTo(70);
    assertThat(refused).isEqualTo(12);
  }

  private static void assertRefused(String hex, Reason reason) {
    Throwable thrown = catchThrowable(() -> new CborReader(HexFormat.of().parseHex(hex), 8).skip());
    assertThat(thrown).as(hex).isInstanceOf(MalformedCborException.class);
    assertThat(((MalformedCborException) thrown).reason()).as(hex).isEqualTo(reason);
  }

  /** An item as {@link Json} would give it, or as its diagnostic notation. */
  private static @Nullable Object item(CborReader reader) throws MalformedCborException {
    switch (reader.peek()) {
      case UNSIGNED, NEGATIVE -> {
        return reader.readIntegerAsDouble();
      }
      case BYTES -> {
        return "h'" + HexFormat.of().formatHex(reader.readBytes(99)) + "'";
      }
      case TEXT -> {
        return reader.readText(99);
      }
      case ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        for (int n = reader.readArray(99); n > 0; n--) {
          items.add(item(reader));
        }
        return items;
      }
      case MAP -> {
        Map<Object, @Nullable Object> map = new HashMap<>();
        boolean textKeys = true;
        for (int n = reader.readMap(99); n > 0; n--) {
          textKeys &= reader.peek() == CborType.TEXT;
          Object key = item(reader);
          map.put(String.valueOf(key).replaceFirst("\\.0$", ""), item(reader));
        }
        return textKeys ? map : map.toString().replace("=", ": ").replace(".0", "");
      }
      case TAG -> {
        return tagged(reader);
      }
      case BOOLEAN -> {
        return reader.readBoolean();
      }
      case NULL -> {
        reader.readNull();
        return null;
      }
      case FLOAT -> {
        double value = reader.readDouble();
        return Double.isFinite(value) ? (Object) value : Double.toString(value);
      }
      default -> {
        int simple = reader.readSimple();
        return simple == 23 ? "undefined" : "simple(" + simple + ")";
      }
    }
  }

  private static Object tagged(CborReader reader) throws MalformedCborException {
    long tag = reader.readTag();
    if (tag == 2 || tag == 3) {
      double magnitude = new BigInteger(1, reader.readBytes(99)).doubleValue();
      return tag == 2 ? magnitude : -1 - magnitude;
    }
    boolean text = reader.peek() == CborType.TEXT;
    String content = String.valueOf(item(reader));
    if (content.equals("1.3638962405E9")) {
      content = "1363896240.5";
    } else if (content.equals("1.36389624E9")) {
      content = "1363896240";
    }
    return tag + "(" + (text ? '"' + content + '"' : content) + ")";
  }

  /** Just enough JSON to read the vectors. */
  private static final class Json {

    static Map<String, @Nullable Object> object(JsonReader json) throws Exception {
      Map<String, @Nullable Object> object = new HashMap<>();
      json.beginObject();
      for (String name = json.nextName(99); name != null; name = json.nextName(99)) {
        object.put(name, value(json));
      }
      return object;
    }

    static @Nullable Object value(JsonReader json) throws Exception {
      return switch (json.peek()) {
        case OBJECT -> object(json);
        case ARRAY -> {
          List<@Nullable Object> list = new ArrayList<>();
          json.beginArray();
          while (json.nextElement()) {
            list.add(value(json));
          }
          yield list;
        }
        case TEXT -> json.readText(999);
        case NUMBER -> json.readDouble();
        case BOOLEAN -> json.readBoolean();
        case NULL -> {
          json.readNull();
          yield null;
        }
      };
    }
  }
}
