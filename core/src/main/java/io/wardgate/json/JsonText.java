// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

import io.wardgate.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One JSON string (RFC 8259 section 7), unescaped.
 *
 * @param value the text
 * @param next the offset behind the closing quote
 */
record JsonText(String value, int next) {

  private static final int LONGEST_ESCAPE = 6;

  /** Parses the string whose opening quote stands at {@code start}. */
  static JsonText parse(byte[] input, int start, int maxLength) throws MalformedJsonException {
    int close = closingQuote(input, start);
    long encoded = (long) close - start - 1;
    // A character takes up to six bytes; what is above that is too long however it decodes.
    if (encoded > (long) LONGEST_ESCAPE * maxLength) {
      throw tooLong(start, maxLength);
    }
    StringBuilder text = new StringBuilder((int) Math.min(encoded, maxLength));
    int run = start + 1;
    int at = run;
    while (at < close) {
      if (input[at] != '\\') {
        at++;
        continue;
      }
      appendUtf8(text, input, run, at);
      if (input[at + 1] == 'u') {
        text.append(unicodeEscape(input, at, close));
        at += LONGEST_ESCAPE;
      } else {
        text.append(shortEscape(input, at));
        at += 2;
      }
      run = at;
    }
    appendUtf8(text, input, run, close);
    if (text.length() > maxLength) {
      throw tooLong(start, maxLength);
    }
    requireWholePairs(text, start);
    return new JsonText(text.toString(), close + 1);
  }

  private static int closingQuote(byte[] input, int start) throws MalformedJsonException {
    for (int at = start + 1; at < input.length; at++) {
      int c = input[at] & 0xff;
      if (c == '"') {
        return at;
      }
      if (c < ' ') {
        throw new MalformedJsonException(Reason.JSON_SYNTAX, at, "a bare control character");
      }
      if (c == '\\') {
        at++;
      }
    }
    throw new MalformedJsonException(Reason.JSON_TRUNCATED, start, "a string without end");
  }

  private static char shortEscape(byte[] input, int at) throws MalformedJsonException {
    return switch (input[at + 1]) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new MalformedJsonException(Reason.JSON_SYNTAX, at, "an escape that is none");
    };
  }

  private static char unicodeEscape(byte[] input, int at, int close) throws MalformedJsonException {
    int unit = 0;
    for (int i = at + 2; i < at + LONGEST_ESCAPE; i++) {
      int digit = i < close ? Character.digit(input[i] & 0xff, 16) : -1;
      if (digit < 0) {
        throw new MalformedJsonException(Reason.JSON_SYNTAX, at, "an escape that is none");
      }
      unit = (unit << 4) | digit;
    }
    return (char) unit;
  }

  private static void appendUtf8(StringBuilder text, byte[] input, int from, int to)
      throws MalformedJsonException {
    try {
      CharBuffer run =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(input, from, to - from));
      text.append(run);
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException(Reason.JSON_INVALID_TEXT, from, "not UTF-8");
    }
  }

  private static void requireWholePairs(CharSequence text, int start)
      throws MalformedJsonException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new MalformedJsonException(
            Reason.JSON_INVALID_TEXT, start, "half of a surrogate pair");
      }
    }
  }

  private static MalformedJsonException tooLong(int start, int maxLength) {
    return new MalformedJsonException(
        Reason.JSON_TOO_LONG, start, "a string of more than " + maxLength + " characters");
  }
}
