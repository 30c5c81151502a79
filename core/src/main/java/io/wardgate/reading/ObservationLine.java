// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * An observation as one line of JSON; the names and their order are a contract.
 *
 * <p>A base name of up to {@value #MAX_REPEATED_BASE_NAME} bytes as it is written is on every line
 * it is in force for. A longer one, which a pack of 64 KiB could have repeated a thousand times, is
 * on the first of them in its pack, and {@code bnOf} on the others names that line's id.
 */
final class ObservationLine {

  /** As long as a name may be, so that repeating it costs no more than names do. */
  static final int MAX_REPEATED_BASE_NAME = 255;

  private ObservationLine() {}

  /** One line per observation, each with its line feed, in UTF-8. */
  static byte[] of(List<Observation> observations) {
    StringBuilder lines = new StringBuilder();
    Observation said = observations.get(0);
    boolean isRepeated = isRepeated(said);
    for (Observation observation : observations) {
      if (!observation.reading().baseName().equals(said.reading().baseName())) {
        said = observation;
        isRepeated = isRepeated(said);
      }
      boolean isFirst = observation.id().equals(said.id());
      lines.append(of(observation, isFirst || isRepeated ? observation : said)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** As it is written: what is escaped is up to six times as long. */
  private static boolean isRepeated(Observation observation) {
    String baseName = observation.reading().baseName();
    return baseName.length() <= MAX_REPEATED_BASE_NAME
        && new JsonWriter().text(baseName).toString().getBytes(StandardCharsets.UTF_8).length
            <= MAX_REPEATED_BASE_NAME + 2;
  }

  /** {@code said}: who says the base name, the observation itself or one before it. */
  private static String of(Observation observation, Observation said) {
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
    if (!reading.localName().isEmpty()) {
      writeBaseName(out, observation, said);
    }
    reading.updateTime().ifPresent(seconds -> out.name("ut").number(seconds));
    return out.endObject().toString();
  }

  private static void writeBaseName(JsonWriter out, Observation observation, Observation said) {
    String baseName = observation.reading().baseName();
    if (!observation.id().equals(said.id())) {
      out.name("bnOf").text(said.id());
    } else if (!baseName.isEmpty()) {
      out.name("bn").text(baseName);
    }
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
