// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Applies the base fields of a pack to its records, in order (RFC 8428 section 4.6). */
final class SenmlResolver {

  /** Times from here on are absolute, below it relative to now (RFC 8428 section 4.5.3). */
  static final BigDecimal FIRST_ABSOLUTE_SECOND = BigDecimal.valueOf(1L << 28);

  /** RFC 8428 as published; what is below it is an earlier draft of the same structure. */
  private static final int VERSION = 10;

  /** RFC 9100: also secondary units, which change nothing for who passes units on as text. */
  private static final int VERSION_WITH_SECONDARY_UNITS = 26;

  /** More than three thousand years; beyond it there is nothing to compute with. */
  private static final double MAX_SECONDS = 1e11;

  private static final int MICROSECOND_DIGITS = 6;

  private final SenmlDecoder.Limits limits;
  private final Instant received;

  private @Nullable Double version;
  private String baseName = "";
  private double baseTime;
  private @Nullable String baseUnit;
  private OptionalDouble baseValue = OptionalDouble.empty();
  private OptionalDouble baseSum = OptionalDouble.empty();

  SenmlResolver(SenmlDecoder.Limits limits, Instant received) {
    this.limits = limits;
    this.received = received;
  }

  /** The reading that {@code record}, which begins at byte {@code at}, and those before it mean. */
  Reading resolve(SenmlRecord record, int at) throws ReadingRefusedException {
    takeBaseFields(record, at);
    String unit = record.unit != null ? record.unit : baseUnit;
    Optional<Value> value = value(record, at);
    OptionalDouble sum = added(baseSum, record.sum, at);
    if (value.isEmpty() && sum.isEmpty()) {
      throw new ReadingRefusedException(Reason.SENML_VALUE_MISSING, at, "a record");
    }
    return new Reading(
        baseName,
        localName(record, at),
        Optional.ofNullable(unit),
        value,
        sum,
        time(record, at),
        record.updateTime);
  }

  private void takeBaseFields(SenmlRecord record, int at) throws ReadingRefusedException {
    if (record.baseVersion.isPresent()) {
      takeVersion(record.baseVersion.getAsDouble(), at);
    }
    baseName = record.baseName != null ? record.baseName : baseName;
    baseTime = record.baseTime.orElse(baseTime);
    baseUnit = record.baseUnit != null ? record.baseUnit : baseUnit;
    baseValue = record.baseValue.isPresent() ? record.baseValue : baseValue;
    baseSum = record.baseSum.isPresent() ? record.baseSum : baseSum;
  }

  /** Section 4.4: one version for the whole pack, and none that is not understood. */
  private void takeVersion(double given, int at) throws ReadingRefusedException {
    boolean understood =
        given == Math.rint(given)
            && given >= 1
            && (given <= VERSION || given == VERSION_WITH_SECONDARY_UNITS);
    if (!understood || (version != null && version != given)) {
      throw new ReadingRefusedException(Reason.SENML_VERSION_UNSUPPORTED, at, "version " + given);
    }
    version = given;
  }

  /**
   * Section 4.5.1, applied to the record's own name: what the base name adds is data and never
   * refused. Where it stands alone it is the name, and bounded like one: every record of a pack can
   * repeat it.
   */
  private String localName(SenmlRecord record, int at) throws ReadingRefusedException {
    String name = record.name != null ? record.name : "";
    if (name.isEmpty()) {
      if (baseName.isEmpty()) {
        throw new ReadingRefusedException(Reason.SENML_NAME_MISSING, at, "a record");
      }
      if (baseName.length() > limits.maxNameLength()) {
        throw new ReadingRefusedException(
            Reason.SENML_NAME_TOO_LONG, at, "a base name that stands alone");
      }
      if (!SenmlName.isPlain(baseName)) {
        throw new ReadingRefusedException(
            Reason.SENML_NAME_INVALID, at, "a base name that stands alone");
      }
      return name;
    }
    if (!SenmlName.isOfNameCharacters(name)
        || (baseName.isEmpty() && !SenmlName.startsWithLetterOrDigit(name))) {
      throw new ReadingRefusedException(Reason.SENML_NAME_INVALID, at, "a name");
    }
    return name;
  }

  /** Section 4.5.4: where only one of base value and value is there, the other is zero. */
  private Optional<Value> value(SenmlRecord record, int at) throws ReadingRefusedException {
    if (record.otherValue.isPresent()) {
      return record.otherValue;
    }
    OptionalDouble number = added(baseValue, record.number, at);
    return number.isPresent()
        ? Optional.of(new Value.Quantity(number.getAsDouble()))
        : Optional.empty();
  }

  private static OptionalDouble added(OptionalDouble base, OptionalDouble own, int at)
      throws ReadingRefusedException {
    if (base.isEmpty()) {
      return own;
    }
    double sum = base.getAsDouble() + own.orElse(0);
    if (!Double.isFinite(sum)) {
      throw new ReadingRefusedException(
          Reason.SENML_VALUE_NOT_FINITE, at, "base and own value together");
    }
    return OptionalDouble.of(sum);
  }

  private Instant time(SenmlRecord record, int at) throws ReadingRefusedException {
    double own = record.time.orElse(0);
    if (Math.abs(baseTime) > MAX_SECONDS || Math.abs(own) > MAX_SECONDS) {
      throw new ReadingRefusedException(
          Reason.SENML_TIME_OUTSIDE_WINDOW, at, "a time of thousands of years");
    }
    // Added in decimal, because that is how the sensor said both: 1276020076.001 and -5.
    BigDecimal seconds = decimal(baseTime).add(decimal(own));
    Duration elapsed =
        Duration.of(
            seconds
                .setScale(MICROSECOND_DIGITS, RoundingMode.HALF_EVEN)
                .unscaledValue()
                .longValueExact(),
            ChronoUnit.MICROS);
    boolean absolute = seconds.compareTo(FIRST_ABSOLUTE_SECOND) >= 0;
    Instant time = (absolute ? Instant.EPOCH : received).plus(elapsed);
    if (time.isBefore(received.minus(limits.past()))
        || time.isAfter(received.plus(limits.future()))) {
      throw new ReadingRefusedException(
          Reason.SENML_TIME_OUTSIDE_WINDOW,
          at,
          Duration.between(received, time).toSeconds() + " s from now");
    }
    return time;
  }

  private static BigDecimal decimal(double seconds) {
    return new BigDecimal(Double.toString(seconds));
  }
}
