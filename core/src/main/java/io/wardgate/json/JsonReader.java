// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

import io.wardgate.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A strict pull reader of JSON (RFC 8259) in UTF-8.
 *
 * <p>The caller says what it expects next and gets it or a {@link MalformedJsonException} with the
 * byte it is about. An array is entered with {@link #beginArray()} and walked with {@link
 * #nextElement()}, an object with {@link #beginObject()} and {@link #nextName}.
 *
 * <p>Refused, always: a byte-order mark, comments, trailing commas and whatever else the grammar
 * does not have; a name that stands twice in an object; text that is not UTF-8 or holds half of a
 * surrogate pair; a number of more than {@value #MAX_NUMBER_LENGTH} characters, or one that a
 * double can only hold as infinity or, though not zero, as zero; nesting above the given depth. Not
 * thread-safe.
 */
public final class JsonReader {

  /** The longest number read; the longest a double needs to be written exactly back is 24. */
  public static final int MAX_NUMBER_LENGTH = 64;

  private static final int END = -1;

  private final byte[] input;
  private final int maxDepth;
  private final Deque<Level> open = new ArrayDeque<>();
  private boolean valueComes = true;
  private int at;

  /**
   * Reads all of {@code input}.
   *
   * @param maxDepth how many arrays and objects may be open at once
   */
  public JsonReader(byte[] input, int maxDepth) {
    this.input = input;
    this.maxDepth = maxDepth;
  }

  /** The byte the reader stands at; before a value and after white space, where it begins. */
  public int offset() {
    return at;
  }

  /** What comes next; nothing but white space is consumed. */
  public JsonType peek() throws MalformedJsonException {
    if (!valueComes) {
      throw new IllegalStateException("ask for the next element or name first");
    }
    int c = skipWhiteSpace();
    return switch (c) {
      case '{' -> JsonType.OBJECT;
      case '[' -> JsonType.ARRAY;
      case '"' -> JsonType.TEXT;
      case 't', 'f' -> JsonType.BOOLEAN;
      case 'n' -> JsonType.NULL;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> JsonType.NUMBER;
      default -> throw syntax(c, "a value");
    };
  }

  /** Enters an array. */
  public void beginArray() throws MalformedJsonException {
    expect(JsonType.ARRAY);
    enter(false);
  }

  /** Goes to the array's next element, or leaves the array and answers false. */
  public boolean nextElement() throws MalformedJsonException {
    return next(']');
  }

  /** Enters an object. */
  public void beginObject() throws MalformedJsonException {
    expect(JsonType.OBJECT);
    enter(true);
  }

  /**
   * Goes to the object's next member and reads its name, or leaves the object and answers null.
   *
   * @param maxLength the most characters the name may have
   */
  public @Nullable String nextName(int maxLength) throws MalformedJsonException {
    Level object = open.peek();
    if (!next('}')) {
      return null;
    }
    int c = skipWhiteSpace();
    if (c != '"') {
      throw syntax(c, "a name");
    }
    int start = at;
    String name = text(maxLength);
    if (object != null && !object.names.add(name)) {
      throw new MalformedJsonException(Reason.JSON_DUPLICATE_NAME, start, "a name seen before");
    }
    c = skipWhiteSpace();
    if (c != ':') {
      throw syntax(c, "a colon");
    }
    at++;
    return name;
  }

  /**
   * Reads a string.
   *
   * @param maxLength the most characters it may have
   */
  public String readText(int maxLength) throws MalformedJsonException {
    expect(JsonType.TEXT);
    valueComes = false;
    return text(maxLength);
  }

  /** Reads a number; what comes back is finite. */
  public double readDouble() throws MalformedJsonException {
    expect(JsonType.NUMBER);
    valueComes = false;
    int start = at;
    boolean zero = scanNumber();
    String literal = new String(input, start, at - start, StandardCharsets.US_ASCII);
    double value = Double.parseDouble(literal);
    if (Double.isInfinite(value) || (value == 0 && !zero)) {
      throw new MalformedJsonException(Reason.JSON_NUMBER_OUT_OF_RANGE, start, "a number");
    }
    return value;
  }

  /** Reads {@code true} or {@code false}. */
  public boolean readBoolean() throws MalformedJsonException {
    expect(JsonType.BOOLEAN);
    valueComes = false;
    boolean value = input[at] == 't';
    literal(value ? "true" : "false");
    return value;
  }

  /** Reads {@code null}. */
  public void readNull() throws MalformedJsonException {
    expect(JsonType.NULL);
    valueComes = false;
    literal("null");
  }

  /** Reads over one value and all it holds, by the same rules as if it had been asked for. */
  public void skip() throws MalformedJsonException {
    // Recursion is bounded: each level is an array or object, counted against maxDepth.
    switch (peek()) {
      case OBJECT -> {
        beginObject();
        while (nextName(Integer.MAX_VALUE) != null) {
          skip();
        }
      }
      case ARRAY -> {
        beginArray();
        while (nextElement()) {
          skip();
        }
      }
      case TEXT -> readText(Integer.MAX_VALUE);
      case NUMBER -> readDouble();
      case BOOLEAN -> readBoolean();
      case NULL -> readNull();
    }
  }

  /** Checks that nothing but white space follows. */
  public void end() throws MalformedJsonException {
    if (valueComes || !open.isEmpty()) {
      throw new IllegalStateException("the value has not been read to its end");
    }
    if (skipWhiteSpace() != END) {
      throw new MalformedJsonException(
          Reason.JSON_TRAILING_BYTES, at, (input.length - at) + " bytes left");
    }
  }

  private void enter(boolean object) throws MalformedJsonException {
    if (open.size() >= maxDepth) {
      throw new MalformedJsonException(
          Reason.JSON_TOO_DEEP, at, "more than " + maxDepth + " levels");
    }
    valueComes = false;
    at++;
    open.push(new Level(object));
  }

  private boolean next(char closing) throws MalformedJsonException {
    Level level = open.peek();
    if (valueComes || level == null || level.object != (closing == '}')) {
      throw new IllegalStateException("not between the entries of such a value");
    }
    int c = skipWhiteSpace();
    if (c == closing) {
      at++;
      open.pop();
      return false;
    }
    if (!level.first) {
      if (c != ',') {
        throw syntax(c, "a comma or the end");
      }
      at++;
      // After a comma something must come: a closing bracket is no value and no name.
    }
    level.first = false;
    valueComes = true;
    return true;
  }

  private void expect(JsonType type) throws MalformedJsonException {
    if (peek() != type) {
      throw new MalformedJsonException(Reason.JSON_UNEXPECTED_TYPE, at, "not what belongs");
    }
  }

  private int skipWhiteSpace() {
    while (at < input.length) {
      int c = input[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c & 0xff;
      }
      at++;
    }
    return END;
  }

  private int current() {
    return at < input.length ? input[at] & 0xff : END;
  }

  private MalformedJsonException syntax(int found, String expected) {
    return found == END
        ? new MalformedJsonException(Reason.JSON_TRUNCATED, at, "no " + expected)
        : new MalformedJsonException(Reason.JSON_SYNTAX, at, "not " + expected);
  }

  private void literal(String word) throws MalformedJsonException {
    for (int i = 0; i < word.length(); i++) {
      int c = current();
      if (c != word.charAt(i)) {
        throw syntax(c, word);
      }
      at++;
    }
  }

  private String text(int maxLength) throws MalformedJsonException {
    JsonText text = JsonText.parse(input, at, maxLength);
    at = text.next();
    return text.value();
  }

  /** Goes over a number by the grammar; true if all its digits are zero. */
  private boolean scanNumber() throws MalformedJsonException {
    int start = at;
    boolean zero = true;
    if (current() == '-') {
      at++;
    }
    if (current() == '0') {
      at++;
    } else {
      zero &= digits(start);
    }
    if (current() == '.') {
      at++;
      zero &= digits(start);
    }
    if (current() == 'e' || current() == 'E') {
      at++;
      if (current() == '+' || current() == '-') {
        at++;
      }
      digits(start);
    }
    return zero;
  }

  private boolean digits(int start) throws MalformedJsonException {
    int c = current();
    if (c < '0' || c > '9') {
      throw syntax(c, "a digit");
    }
    boolean zero = true;
    while (c >= '0' && c <= '9') {
      zero &= c == '0';
      at++;
      if (at - start > MAX_NUMBER_LENGTH) {
        throw new MalformedJsonException(
            Reason.JSON_TOO_LONG, start, "a number of more than " + MAX_NUMBER_LENGTH);
      }
      c = current();
    }
    return zero;
  }

  /** An array or object that has been entered. */
  private static final class Level {
    final boolean object;
    final Set<String> names;
    boolean first = true;

    Level(boolean object) {
      this.object = object;
      this.names = object ? new HashSet<>() : Set.of();
    }
  }
}
