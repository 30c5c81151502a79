// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** An observation as one line of JSON; the names and their order are a contract. */
final class ObservationLine {

  private ObservationLine() {}

  /** One line per observation, each with its line feed, in UTF-8. */
  static byte[] of(List<Observation> observations) {
    StringBuilder lines = new StringBuilder();
    for (Observation observation : observations) {
      lines.append(of(observation)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String of(Observation observation) {
    Reading reading = observation.reading();
    JsonWriter out = new JsonWriter().beginObject();
    out.name("id").text(observation.id());
    out.name("device").text(observation.device().toString());
    out.name("role").text(observation.role());
    out.name("received").text(observation.received().toString());
    out.name("time").text(reading.time().toString());
    out.name("code").text(reading.code());
    out.name("value");
    reading.value().ifPresentOrElse(value -> write(out, value), out::nil);
    out.name("unit");
    reading.unit().ifPresentOrElse(out::text, out::nil);
    reading.sum().ifPresent(sum -> out.name("sum").number(sum));
    return out.endObject().toString();
  }

  private static void write(JsonWriter out, Value value) {
    if (value instanceof Value.Quantity quantity) {
      out.number(quantity.number());
    } else if (value instanceof Value.Text text) {
      out.text(text.text());
    } else if (value instanceof Value.Flag flag) {
      out.bool(flag.raised());
    } else if (value instanceof Value.Data data) {
      out.text(Base64.getUrlEncoder().withoutPadding().encodeToString(data.bytes()));
    }
  }
}
