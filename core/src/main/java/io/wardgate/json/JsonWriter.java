// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A small writer of JSON (RFC 8259) without white space, so that a value is always one line.
 *
 * <p>Quotes, the control characters of C0 and C1, the line separators U+2028 and U+2029 and what
 * turns the direction of text are escaped: shown in a terminal, a line acts on nothing and reads as
 * it is stored. Not-a-number, infinities and half surrogate pairs are refused: JSON has no way to
 * say them. Commas are the writer's business, matching brackets and names the caller's. Not
 * thread-safe.
 */
public final class JsonWriter {

  /** Up to here every whole number is a double of its own. */
  private static final double EXACT = 0x1p53;

  private final StringBuilder out = new StringBuilder();
  private boolean comma;

  /** Opens an object. */
  public JsonWriter beginObject() {
    return open('{');
  }

  /** Closes the object. */
  public JsonWriter endObject() {
    return close('}');
  }

  /** Opens an array. */
  public JsonWriter beginArray() {
    return open('[');
  }

  /** Closes the array. */
  public JsonWriter endArray() {
    return close(']');
  }

  /** Writes a member's name; its value comes next. */
  public JsonWriter name(String name) {
    text(name);
    out.append(':');
    comma = false;
    return this;
  }

  /**
   * Writes a string.
   *
   * @throws IllegalArgumentException if it holds half of a surrogate pair
   */
  public JsonWriter text(String value) {
    separate();
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isSurrogatePair(c, i + 1 < value.length() ? value.charAt(i + 1) : c)) {
          throw new IllegalArgumentException("half of a surrogate pair");
        }
        out.append(c).append(value.charAt(++i));
      } else {
        character(c);
      }
    }
    out.append('"');
    return this;
  }

  /**
   * Writes a number so that reading it gives the same double; whole numbers up to 2^53 without
   * fraction.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public JsonWriter number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("JSON has no such number");
    }
    separate();
    boolean negativeZero = value == 0 && 1 / value < 0;
    if (value == Math.rint(value) && Math.abs(value) <= EXACT && !negativeZero) {
      out.append((long) value);
    } else {
      // RFC 8428 section 5 asks for a lower-case e.
      out.append(Double.toString(value).replace('E', 'e'));
    }
    return this;
  }

  /** Writes {@code true} or {@code false}. */
  public JsonWriter bool(boolean value) {
    separate();
    out.append(value);
    return this;
  }

  /** Writes {@code null}. */
  public JsonWriter nil() {
    separate();
    out.append("null");
    return this;
  }

  /** All that was written, in UTF-8. */
  public byte[] toBytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** All that was written. */
  @Override
  public String toString() {
    return out.toString();
  }

  private JsonWriter open(char bracket) {
    separate();
    out.append(bracket);
    comma = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    out.append(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      out.append(',');
    }
    comma = true;
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (Character.isISOControl(c) || isLineSeparator(c) || turnsDirection(c)) {
          // Not by String.format, which takes a hundred times as long: a peer may send thousands.
          out.append("\\u").append(HexFormat.of().toHexDigits(c));
        } else {
          out.append(c);
        }
      }
    }
  }

  private static boolean isLineSeparator(char c) {
    return c == 0x2028 || c == 0x2029;
  }

  /** The marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm. */
  private static boolean turnsDirection(char c) {
    return c == 0x061c
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
