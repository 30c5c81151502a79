// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A deterministic writer of CBOR (RFC 8949): the same calls give the same bytes, each item in its
 * shortest form.
 *
 * <p>Arrays and maps are opened with their count; keys are the caller's to order and to keep
 * distinct. A floating-point number takes the narrowest of 16, 32 and 64 bits that holds it
 * exactly. Not thread-safe.
 */
public final class CborWriter {

  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes an integer. */
  public CborWriter integer(long value) {
    return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, -1 - value);
  }

  /** Writes a floating-point number, also if it is whole. */
  public CborWriter real(double value) {
    int half = HalfFloat.exactBits(value);
    if (half != HalfFloat.NOT_EXACT) {
      out.write(0xf9);
      return bigEndian(half, 2);
    }
    float single = (float) value;
    if (single == value) {
      out.write(0xfa);
      return bigEndian(Float.floatToRawIntBits(single), 4);
    }
    out.write(0xfb);
    return bigEndian(Double.doubleToRawLongBits(value), 8);
  }

  /**
   * Writes a text string.
   *
   * @throws IllegalArgumentException if the text holds half of a surrogate pair
   */
  public CborWriter text(String value) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      head(TEXT, utf8.remaining());
      out.write(utf8.array(), utf8.arrayOffset() + utf8.position(), utf8.remaining());
      return this;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("half of a surrogate pair", e);
    }
  }

  /** Writes a byte string. */
  public CborWriter bytes(byte[] value) {
    head(BYTES, value.length);
    out.writeBytes(value);
    return this;
  }

  /** Opens an array of {@code count} items. */
  public CborWriter array(int count) {
    return head(ARRAY, count);
  }

  /** Opens a map of {@code count} pairs. */
  public CborWriter map(int count) {
    return head(MAP, count);
  }

  /** Writes a tag; the item it marks comes next. */
  public CborWriter tag(long number) {
    return head(TAG, number);
  }

  /** Writes {@code true} or {@code false}. */
  public CborWriter bool(boolean value) {
    out.write(value ? 0xf5 : 0xf4);
    return this;
  }

  /** Writes {@code null}. */
  public CborWriter nil() {
    out.write(0xf6);
    return this;
  }

  /** All that was written. */
  public byte[] toBytes() {
    return out.toByteArray();
  }

  private CborWriter head(int major, long argument) {
    if (argument < 0) {
      throw new IllegalArgumentException("a count or tag below zero");
    }
    int type = major << 5;
    if (argument < 24) {
      out.write(type | (int) argument);
      return this;
    }
    if (argument <= 0xff) {
      out.write(type | 24);
      return bigEndian(argument, 1);
    }
    if (argument <= 0xffff) {
      out.write(type | 25);
      return bigEndian(argument, 2);
    }
    if (argument <= 0xffff_ffffL) {
      out.write(type | 26);
      return bigEndian(argument, 4);
    }
    out.write(type | 27);
    return bigEndian(argument, 8);
  }

  private CborWriter bigEndian(long value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }
}
