// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One thing a sensor said: a SenML record (RFC 8428) with its base fields applied, and nothing of
 * it left out.
 *
 * <p>Who said it is not in here: a base name is data, whatever it claims, and the device is the one
 * the session proved. Immutable; {@link #toString()} shows the code only, because readings must not
 * reach logs.
 *
 * @param baseName the base name in force; may be empty, may be any text
 * @param localName the record's own name; empty if it has none and the base name stands for it
 * @param unit the unit, or the base unit in force; passed on as it came, never converted
 * @param value what it says; absent only where a sum says it all
 * @param sum the value integrated over time, in the unit times seconds
 * @param time when it was measured; SenML carries microseconds
 * @param updateTime after how many seconds at most the sensor will say more
 */
public record Reading(
    String baseName,
    String localName,
    Optional<String> unit,
    Optional<Value> value,
    OptionalDouble sum,
    Instant time,
    OptionalDouble updateTime) {

  /**
   * Checks what SenML requires.
   *
   * @throws IllegalArgumentException if there is no name, or neither value nor sum; if the local
   *     name has a character SenML does not allow, or, without a base name, begins with none of
   *     letter and digit; if a number is not finite or a text not Unicode; if a unit, or a base
   *     name that stands alone, has a control or formatting character
   */
  public Reading {
    if (baseName.isEmpty() && localName.isEmpty()) {
      throw new IllegalArgumentException("a reading needs a name");
    }
    if (!SenmlName.isOfNameCharacters(localName)
        || (baseName.isEmpty() && !SenmlName.startsWithLetterOrDigit(localName))) {
      throw new IllegalArgumentException("not a SenML name");
    }
    if (value.isEmpty() && sum.isEmpty()) {
      throw new IllegalArgumentException("a reading needs a value or a sum");
    }
    if (!Double.isFinite(sum.orElse(0)) || !Double.isFinite(updateTime.orElse(0))) {
      throw new IllegalArgumentException("not a finite number");
    }
    SenmlName.requireUnicode(baseName);
    unit.ifPresent(SenmlName::requireUnicode);
    if ((localName.isEmpty() && !SenmlName.isPlain(baseName))
        || unit.filter(text -> !SenmlName.isPlain(text)).isPresent()) {
      throw new IllegalArgumentException("a control character in a name or unit");
    }
  }

  /**
   * A quantity in its unit, without base name.
   *
   * @param code an MDC code in decimal, see {@link Mdc}, or a name
   * @throws IllegalArgumentException if the code is not a SenML name or the number not finite
   */
  public static Reading quantity(String code, double number, String unit, Instant time) {
    return of(code, Optional.of(unit), new Value.Quantity(number), time);
  }

  /**
   * A stretch of waveform in its unit, without base name.
   *
   * @param time of the first sample
   * @throws IllegalArgumentException if the code is not a SenML name
   */
  public static Reading waveform(String code, WaveformBlock block, String unit, Instant time) {
    return of(code, Optional.of(unit), new Value.Data(block.toBytes()), time);
  }

  /**
   * A value without base name, sum and update time.
   *
   * @throws IllegalArgumentException if the code is not a SenML name
   */
  public static Reading of(String code, Optional<String> unit, Value value, Instant time) {
    return new Reading(
        "", code, unit, Optional.of(value), OptionalDouble.empty(), time, OptionalDouble.empty());
  }

  /** The same reading under a base name. */
  public Reading withBaseName(String base) {
    return new Reading(base, localName, unit, value, sum, time, updateTime);
  }

  /**
   * What was measured: the record's own name as it came, in our profile an MDC code in decimal; of
   * a record that has none, the base name.
   */
  public String code() {
    return localName.isEmpty() ? baseName : localName;
  }

  /** The full name of RFC 8428 section 4.5.1: base name and own name in one. */
  public String name() {
    return baseName + localName;
  }

  @Override
  public String toString() {
    return "Reading[" + code() + "]";
  }
}
