// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.json.JsonReader;
import io.wardgate.json.JsonType;
import io.wardgate.reading.Reading;
import io.wardgate.reading.Value;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reading reduced to what must not change on its way: whose, as what, what, when, how much.
 *
 * @param device who measured it
 * @param role what it is registered as
 * @param code what
 * @param time when, as the readings file writes it
 * @param unit SenML's, empty if there is none
 * @param value the number or flag, or in quotes the text or bytes, written in one way only
 */
record Measured(String device, String role, String code, String time, String unit, String value) {

  private static final int MAX_NAME = 16;
  private static final int MAX_TEXT = 64 * 1024;

  /** As the sensor measured it. */
  static Measured of(DeviceId device, Role role, Reading reading) {
    return new Measured(
        device.toString(),
        role.name(),
        reading.code(),
        reading.time().toString(),
        reading.unit().orElse(""),
        reading.value().map(Measured::text).orElse(""));
  }

  /**
   * As the gateway stored them, in order.
   *
   * @throws IOException if the file cannot be read, or a line of it is not a reading
   */
  static List<Measured> in(Path readings) throws IOException {
    List<Measured> all = new ArrayList<>();
    for (String line : Files.readAllLines(readings)) {
      try {
        all.add(parse(line));
      } catch (WardgateException e) {
        throw new IOException("line " + (all.size() + 1) + " of the readings file", e);
      }
    }
    return all;
  }

  private static Measured parse(String line) throws WardgateException {
    JsonReader in = new JsonReader(line.getBytes(UTF_8), 1);
    String device = "";
    String role = "";
    String code = "";
    String time = "";
    String unit = "";
    String value = "";
    in.beginObject();
    for (@Nullable String name = in.nextName(MAX_NAME);
        name != null;
        name = in.nextName(MAX_NAME)) {
      switch (name) {
        case "device" -> device = in.readText(MAX_TEXT);
        case "role" -> role = in.readText(MAX_TEXT);
        case "code" -> code = in.readText(MAX_TEXT);
        case "time" -> time = in.readText(MAX_TEXT);
        case "unit" -> unit = unit(in);
        case "value" -> value = value(in);
        default -> in.skip();
      }
    }
    in.end();
    return new Measured(device, role, code, time, unit, value);
  }

  private static String unit(JsonReader in) throws WardgateException {
    if (in.peek() == JsonType.NULL) {
      in.readNull();
      return "";
    }
    return in.readText(MAX_TEXT);
  }

  private static String value(JsonReader in) throws WardgateException {
    JsonType type = in.peek();
    if (type == JsonType.NUMBER) {
      return Double.toString(in.readDouble());
    }
    return type == JsonType.BOOLEAN
        ? Boolean.toString(in.readBoolean())
        : quoted(in.readText(MAX_TEXT));
  }

  private static String text(Value value) {
    if (value instanceof Value.Quantity quantity) {
      return Double.toString(quantity.number());
    }
    if (value instanceof Value.Flag flag) {
      return Boolean.toString(flag.raised());
    }
    if (value instanceof Value.Data data) {
      return quoted(Base64.getUrlEncoder().withoutPadding().encodeToString(data.bytes()));
    }
    return value instanceof Value.Text text ? quoted(text.text()) : "";
  }

  /** A text "1.0" is not the number. */
  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /** All but how much; simulated or not, values are not for a terminal's scrollback. */
  @Override
  public String toString() {
    String what = unit.isEmpty() ? code : code + " " + unit;
    return device + " " + role + " " + what + " " + time;
  }
}
