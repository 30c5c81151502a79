// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much JSON as the test results need: objects on one line, whose values are strings or lists of
 * strings. Everything else is refused.
 */
final class Json {

  /** A line is one test: names, a few provisions, a shortened reason. */
  static final int MAX_LINE_CHARS = 16 * 1024;

  private final String line;
  private int at;

  private Json(String line) {
    this.line = line;
  }

  /**
   * The members of an object in their order; a plain string is a list of one.
   *
   * @throws IllegalArgumentException if the line is anything else, or names a member twice
   */
  static Map<String, List<String>> object(String line) {
    if (line.length() > MAX_LINE_CHARS) {
      throw new IllegalArgumentException("a line above " + MAX_LINE_CHARS + " characters");
    }
    return new Json(line).object();
  }

  /** A JSON string in ASCII. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private Map<String, List<String>> object() {
    Map<String, List<String>> members = new LinkedHashMap<>();
    expect('{');
    do {
      String name = string();
      expect(':');
      if (members.put(name, next() == '[' ? list() : List.of(string())) != null) {
        throw wrong("a second " + name);
      }
    } while (accept(','));
    expect('}');
    if (at != line.length()) {
      throw wrong("text after the object");
    }
    return members;
  }

  private List<String> list() {
    List<String> texts = new ArrayList<>();
    expect('[');
    if (accept(']')) {
      return texts;
    }
    do {
      texts.add(string());
    } while (accept(','));
    expect(']');
    return texts;
  }

  private String string() {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (next() != '"') {
      char c = line.charAt(at++);
      if (c < 0x20) {
        throw wrong("a control character");
      }
      text.append(c == '\\' ? escaped() : c);
    }
    at++;
    return text.toString();
  }

  private char escaped() {
    char c = next();
    at++;
    if (c == '"' || c == '\\') {
      return c;
    }
    if (c != 'u' || line.length() - at < 4) {
      throw wrong("an escape we do not write");
    }
    int code = 0;
    for (int end = at + 4; at < end; at++) {
      int digit = Character.digit(line.charAt(at), 16);
      if (digit < 0) {
        throw wrong("an escape we do not write");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private char next() {
    if (at >= line.length()) {
      throw wrong("the end");
    }
    return line.charAt(at);
  }

  private boolean accept(char c) {
    if (next() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw wrong("no " + c);
    }
  }

  private IllegalArgumentException wrong(String found) {
    return new IllegalArgumentException("character " + at + ": " + found);
  }
}
