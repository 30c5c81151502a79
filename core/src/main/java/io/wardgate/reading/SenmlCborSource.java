// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cbor.CborReader;
import io.wardgate.cbor.CborType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * SenML in CBOR (RFC 8428 section 6).
 *
 * <p>The table of integer labels is closed there, so one outside it is refused, and so is a text
 * label that has an integer: passing over it would drop a value in silence.
 */
final class SenmlCborSource implements SenmlSource {

  private static final int DECIMAL_FRACTION = 4;

  /** Beyond this power of ten no 64-bit mantissa gives a double other than zero or infinity. */
  private static final int MAX_EXPONENT = 400;

  private static final int ANY = Integer.MAX_VALUE;

  private final CborReader reader;
  private int recordsLeft;
  private int fieldsLeft;

  SenmlCborSource(byte[] payload, int maxDepth) throws WardgateException {
    reader = new CborReader(payload, maxDepth);
    recordsLeft = reader.readArray(ANY);
  }

  @Override
  public boolean nextRecord() throws WardgateException {
    if (recordsLeft == 0) {
      return false;
    }
    recordsLeft--;
    fieldsLeft = reader.readMap(ANY);
    return true;
  }

  @Override
  public @Nullable SenmlField nextField() throws WardgateException {
    while (fieldsLeft > 0) {
      fieldsLeft--;
      int at = reader.offset();
      if (reader.peek() != CborType.TEXT) {
        SenmlField field = SenmlField.ofNumber(reader.readLong());
        if (field == null) {
          throw new ReadingRefusedException(
              Reason.SENML_LABEL_UNKNOWN, at, "an integer label without meaning");
        }
        return field;
      }
      String label = reader.readText(ANY);
      if (SenmlField.ofLabel(label) != null) {
        throw new ReadingRefusedException(
            Reason.SENML_LABEL_UNKNOWN, at, "a text label that has an integer");
      }
      if (SenmlSource.mustBeUnderstood(label)) {
        throw new ReadingRefusedException(
            Reason.SENML_EXTENSION_NOT_UNDERSTOOD, at, "a label that ends with _");
      }
      reader.skip();
    }
    return null;
  }

  @Override
  public String text() throws WardgateException {
    return reader.readText(ANY);
  }

  @Override
  public double number() throws WardgateException {
    return switch (reader.peek()) {
      case UNSIGNED, NEGATIVE -> reader.readIntegerAsDouble();
      case TAG -> decimalFraction();
      default -> reader.readDouble();
    };
  }

  @Override
  public boolean flag() throws WardgateException {
    return reader.readBoolean();
  }

  @Override
  public byte[] data() throws WardgateException {
    return reader.readBytes(ANY);
  }

  @Override
  public void end() throws WardgateException {
    reader.end();
  }

  @Override
  public int offset() {
    return reader.offset();
  }

  /** RFC 8949 section 3.4.4: an array of exponent and mantissa. */
  private double decimalFraction() throws WardgateException {
    int at = reader.offset();
    if (reader.readTag() != DECIMAL_FRACTION || reader.readArray(ANY) != 2) {
      throw new ReadingRefusedException(
          Reason.CBOR_UNEXPECTED_TYPE, at, "not a number or decimal fraction");
    }
    long exponent = reader.readLong();
    long mantissa = reader.readLong();
    double value =
        Math.abs(exponent) > MAX_EXPONENT || exponent == Long.MIN_VALUE
            ? Double.NaN
            : BigDecimal.valueOf(mantissa).scaleByPowerOfTen((int) exponent).doubleValue();
    if (!Double.isFinite(value) || (value == 0 && mantissa != 0)) {
      throw new ReadingRefusedException(
          Reason.CBOR_NUMBER_OUT_OF_RANGE, at, "a decimal fraction no double can hold");
    }
    return value;
  }
}
