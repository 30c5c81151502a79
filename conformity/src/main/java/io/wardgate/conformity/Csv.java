// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.util.ArrayList;
import java.util.List;

/**
 * A strict reader of comma-separated values (RFC 4180), lines ending in LF.
 *
 * <p>Refuses what it does not have to guess about: a quote inside an unquoted field, text after a
 * closing quote, an unclosed quote, a last line without its end, and anything above the limits.
 */
final class Csv {

  /** Well above the 78 rows and 25 columns of the largest table we keep. */
  static final int MAX_ROWS = 1000;

  static final int MAX_FIELDS = 50;

  /** A paraphrase is a sentence, not a page. */
  static final int MAX_FIELD_CHARS = 1000;

  private final String text;
  private int at;
  private int line = 1;

  private Csv(String text) {
    this.text = text;
  }

  /**
   * All rows, the heading included.
   *
   * @throws IllegalArgumentException if the text breaks a rule above; names the line
   */
  static List<List<String>> rows(String text) {
    return new Csv(text).rows();
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    while (at < text.length()) {
      require(rows.size() < MAX_ROWS, "more than " + MAX_ROWS + " rows");
      rows.add(row());
      line++;
    }
    return rows;
  }

  private List<String> row() {
    List<String> fields = new ArrayList<>();
    do {
      require(fields.size() < MAX_FIELDS, "more than " + MAX_FIELDS + " fields");
      fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
      require(at < text.length(), "the line has no end");
    } while (text.charAt(at++) == ',');
    return List.copyOf(fields);
  }

  private String plain() {
    int start = at;
    while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
      require(text.charAt(at) != '"', "a quote inside an unquoted field");
      at++;
    }
    require(at - start <= MAX_FIELD_CHARS, "a field above " + MAX_FIELD_CHARS + " characters");
    return text.substring(start, at);
  }

  private String quoted() {
    StringBuilder field = new StringBuilder();
    at++;
    while (true) {
      require(at < text.length(), "a quote is not closed");
      char c = text.charAt(at++);
      if (c == '"') {
        if (at >= text.length() || text.charAt(at) != '"') {
          break;
        }
        at++;
      }
      require(field.length() < MAX_FIELD_CHARS, "a field above " + MAX_FIELD_CHARS + " characters");
      field.append(c);
    }
    require(
        at >= text.length() || text.charAt(at) == ',' || text.charAt(at) == '\n',
        "text after a closing quote");
    return field.toString();
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("line " + line + ": " + otherwise);
    }
  }
}
