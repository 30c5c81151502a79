// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One SenML record as it came, before base fields are applied. */
final class SenmlRecord {

  @Nullable String name;
  @Nullable String unit;
  OptionalDouble number = OptionalDouble.empty();
  Optional<Value> otherValue = Optional.empty();
  OptionalDouble sum = OptionalDouble.empty();
  OptionalDouble time = OptionalDouble.empty();
  OptionalDouble updateTime = OptionalDouble.empty();
  OptionalDouble baseVersion = OptionalDouble.empty();
  @Nullable String baseName;
  OptionalDouble baseTime = OptionalDouble.empty();
  @Nullable String baseUnit;
  OptionalDouble baseValue = OptionalDouble.empty();
  OptionalDouble baseSum = OptionalDouble.empty();

  private final SenmlSource source;
  private final SenmlDecoder.Limits limits;

  private SenmlRecord(SenmlSource source, SenmlDecoder.Limits limits) {
    this.source = source;
    this.limits = limits;
  }

  /** Reads the record the source has entered, up to its end. */
  static SenmlRecord read(SenmlSource source, SenmlDecoder.Limits limits) throws WardgateException {
    SenmlRecord record = new SenmlRecord(source, limits);
    for (SenmlField field = source.nextField(); field != null; field = source.nextField()) {
      record.take(field);
    }
    return record;
  }

  private void take(SenmlField field) throws WardgateException {
    switch (field) {
      case NAME -> name = text(limits.maxNameLength(), Reason.SENML_NAME_TOO_LONG);
      case UNIT -> unit = unit();
      case VALUE -> {
        requireFirstValue();
        number = number();
      }
      case TEXT_VALUE -> {
        requireFirstValue();
        otherValue =
            Optional.of(new Value.Text(text(limits.maxTextLength(), Reason.SENML_VALUE_TOO_LONG)));
      }
      case FLAG_VALUE -> {
        requireFirstValue();
        otherValue = Optional.of(new Value.Flag(source.flag()));
      }
      case DATA_VALUE -> {
        requireFirstValue();
        otherValue = Optional.of(new Value.Data(data()));
      }
      case SUM -> sum = number();
      case TIME -> time = number();
      case UPDATE_TIME -> updateTime = number();
      case BASE_VERSION -> baseVersion = number();
      // Whatever it says and however long: the limit on the pack is its only one.
      case BASE_NAME -> baseName = source.text();
      case BASE_TIME -> baseTime = number();
      case BASE_UNIT -> baseUnit = unit();
      case BASE_VALUE -> baseValue = number();
      case BASE_SUM -> baseSum = number();
    }
  }

  private void requireFirstValue() throws ReadingRefusedException {
    if (number.isPresent() || otherValue.isPresent()) {
      throw new ReadingRefusedException(
          Reason.SENML_VALUE_AMBIGUOUS, source.offset(), "a second value");
    }
  }

  private String text(int maxLength, Reason reason) throws WardgateException {
    int at = source.offset();
    String text = source.text();
    if (text.length() > maxLength) {
      throw new ReadingRefusedException(
          reason, at, text.length() + " characters where " + maxLength + " may be");
    }
    return text;
  }

  private String unit() throws WardgateException {
    int at = source.offset();
    String unit = text(limits.maxNameLength(), Reason.SENML_NAME_TOO_LONG);
    if (!SenmlName.isPlain(unit)) {
      throw new ReadingRefusedException(Reason.SENML_NAME_INVALID, at, "a unit");
    }
    return unit;
  }

  private byte[] data() throws WardgateException {
    int at = source.offset();
    byte[] data = source.data();
    if (data.length > limits.maxDataBytes()) {
      throw new ReadingRefusedException(
          Reason.SENML_VALUE_TOO_LONG,
          at,
          data.length + " bytes where " + limits.maxDataBytes() + " may be");
    }
    return data;
  }

  private OptionalDouble number() throws WardgateException {
    int at = source.offset();
    double number = source.number();
    if (!Double.isFinite(number)) {
      throw new ReadingRefusedException(Reason.SENML_VALUE_NOT_FINITE, at, "a number");
    }
    return OptionalDouble.of(number);
  }
}
