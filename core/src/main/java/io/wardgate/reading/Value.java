// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.util.Arrays;
import java.util.Optional;

/**
 * What one reading says: a quantity, a text, a flag, or data.
 *
 * <p>The four kinds of SenML (RFC 8428 section 4.2) and no others. Immutable.
 */
public sealed interface Value {

  /**
   * A number; SenML's numbers are doubles (RFC 8428 section 5).
   *
   * @param number finite
   */
  record Quantity(double number) implements Value {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is infinite or not a number
     */
    public Quantity {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("not a finite number");
      }
    }
  }

  /**
   * A text.
   *
   * @param text Unicode, so without half surrogate pairs
   */
  record Text(String text) implements Value {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it holds half of a surrogate pair
     */
    public Text {
      SenmlName.requireUnicode(text);
    }
  }

  /**
   * Yes or no.
   *
   * @param raised which
   */
  record Flag(boolean raised) implements Value {}

  /** Bytes whose meaning the code gives; copied in and out. */
  final class Data implements Value {

    private final byte[] bytes;

    /** Holds a copy of {@code bytes}. */
    public Data(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    /** The bytes, as a copy. */
    public byte[] bytes() {
      return bytes.clone();
    }

    /** How many bytes. */
    public int length() {
      return bytes.length;
    }

    /** The waveform these bytes are; empty if they are something else. */
    public Optional<WaveformBlock> waveform() {
      try {
        return Optional.of(WaveformBlock.parse(bytes));
      } catch (ReadingRefusedException e) {
        return Optional.empty();
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Data that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Data[" + bytes.length + " bytes]";
    }
  }
}
