// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.cbor.CborWriter;
import io.wardgate.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Writes readings as a pack of SenML (RFC 8428) that a {@link SenmlDecoder} reads back as the same
 * readings, times rounded down to the microsecond.
 *
 * <p>Deterministic: the same readings give the same bytes, CBOR with its keys in the order of RFC
 * 8949 section 4.2.1. The first reading's time becomes the base time, a base name is written where
 * it changes. Nothing is shortened and no limit is applied; what the gateway takes is its decoder's
 * business.
 */
public final class SenmlEncoder {

  private static final Instant FIRST_ABSOLUTE = Instant.ofEpochSecond(1L << 28);

  private SenmlEncoder() {}

  /**
   * Encodes {@code readings} as one pack.
   *
   * @throws IllegalArgumentException if there are none, or one is of a time before July 1978, which
   *     SenML would take for a time relative to now
   */
  public static byte[] encode(SenmlFormat format, List<Reading> readings) {
    if (readings.isEmpty()) {
      throw new IllegalArgumentException("a pack has at least one record");
    }
    return switch (format) {
      case SENML_CBOR -> cbor(readings);
      case SENML_JSON -> json(readings);
    };
  }

  private static byte[] cbor(List<Reading> readings) {
    CborWriter out = new CborWriter().array(readings.size());
    Bases bases = new Bases(readings.get(0));
    for (Reading reading : readings) {
      Map<SenmlField, Object> fields = fields(reading, bases);
      out.map(fields.size());
      fields.forEach(
          (field, value) -> {
            out.integer(field.number());
            if (value instanceof String text) {
              out.text(text);
            } else if (value instanceof Boolean flag) {
              out.bool(flag);
            } else if (value instanceof byte[] data) {
              out.bytes(data);
            } else if (value instanceof Double number) {
              number(out, number);
            }
          });
    }
    return out.toBytes();
  }

  private static void number(CborWriter out, double number) {
    boolean negativeZero = number == 0 && 1 / number < 0;
    if (number == Math.rint(number) && Math.abs(number) <= 0x1p53 && !negativeZero) {
      out.integer((long) number);
    } else {
      out.real(number);
    }
  }

  private static byte[] json(List<Reading> readings) {
    JsonWriter out = new JsonWriter().beginArray();
    Bases bases = new Bases(readings.get(0));
    for (Reading reading : readings) {
      out.beginObject();
      fields(reading, bases)
          .forEach(
              (field, value) -> {
                out.name(field.label());
                if (value instanceof String text) {
                  out.text(text);
                } else if (value instanceof Boolean flag) {
                  out.bool(flag);
                } else if (value instanceof byte[] data) {
                  out.text(Base64.getUrlEncoder().withoutPadding().encodeToString(data));
                } else if (value instanceof Double number) {
                  out.number(number);
                }
              });
      out.endObject();
    }
    return out.endArray().toBytes();
  }

  /** What the record says, each field a String, Boolean, Double or byte[]. */
  private static Map<SenmlField, Object> fields(Reading reading, Bases bases) {
    Map<SenmlField, Object> fields = new EnumMap<>(SenmlField.class);
    bases.addTo(fields, reading);
    if (!reading.localName().isEmpty()) {
      fields.put(SenmlField.NAME, reading.localName());
    }
    reading.unit().ifPresent(unit -> fields.put(SenmlField.UNIT, unit));
    reading.value().ifPresent(value -> put(fields, value));
    reading.sum().ifPresent(sum -> fields.put(SenmlField.SUM, sum));
    reading.updateTime().ifPresent(time -> fields.put(SenmlField.UPDATE_TIME, time));
    return fields;
  }

  private static void put(Map<SenmlField, Object> fields, Value value) {
    if (value instanceof Value.Quantity quantity) {
      fields.put(SenmlField.VALUE, quantity.number());
    } else if (value instanceof Value.Text text) {
      fields.put(SenmlField.TEXT_VALUE, text.text());
    } else if (value instanceof Value.Flag flag) {
      fields.put(SenmlField.FLAG_VALUE, flag.raised());
    } else if (value instanceof Value.Data data) {
      fields.put(SenmlField.DATA_VALUE, data.bytes());
    }
  }

  /** The base fields in force while a pack is written. */
  private static final class Bases {

    private final Instant time;
    private boolean timeWritten;
    private String name = "";

    Bases(Reading first) {
      this.time = first.time().truncatedTo(ChronoUnit.MICROS);
    }

    void addTo(Map<SenmlField, Object> fields, Reading reading) {
      if (reading.time().isBefore(FIRST_ABSOLUTE)) {
        throw new IllegalArgumentException("SenML has no such absolute time");
      }
      if (!timeWritten) {
        fields.put(SenmlField.BASE_TIME, seconds(Duration.between(Instant.EPOCH, time)));
        timeWritten = true;
      }
      Duration since = Duration.between(time, reading.time().truncatedTo(ChronoUnit.MICROS));
      if (!since.isZero()) {
        fields.put(SenmlField.TIME, seconds(since));
      }
      if (!reading.baseName().equals(name)) {
        name = reading.baseName();
        fields.put(SenmlField.BASE_NAME, name);
      }
    }

    private static double seconds(Duration duration) {
      // One division of two exact numbers, so the double nearest to the decimal.
      return (duration.getSeconds() * 1_000_000 + duration.getNano() / 1000) / 1e6;
    }
  }
}
