// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import io.wardgate.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A strict pull reader of CBOR (RFC 8949) over a slice of the input.
 *
 * <p>The caller says what it expects next and gets it or a {@link MalformedCborException} with the
 * byte it is about. An array or map is entered by asking for its count and left by reading that
 * many items or pairs; nothing needs to be closed.
 *
 * <p>Refused, always: indefinite lengths; integers, lengths, tags and simple values not in their
 * shortest form (RFC 8949 section 4.2.1; the width of a floating-point number is free, because
 * sensors with one float type always send that); reserved encodings; text that is not UTF-8;
 * nesting above the given depth, where a tag counts as a level; a key that stands twice in a map,
 * compared as encoded. A tag is met only by who asks for one. Lengths are checked against what is
 * left before anything is allocated, and nothing is copied but what is returned. Not thread-safe.
 */
public final class CborReader {

  private final byte[] input;
  private final int end;
  private final int maxDepth;
  private final Deque<Container> open = new ArrayDeque<>();
  private int at;

  /**
   * Reads {@code length} bytes of {@code input} from {@code offset}.
   *
   * @param maxDepth how many arrays, maps and tags may be open at once
   */
  public CborReader(byte[] input, int offset, int length, int maxDepth) {
    if (offset < 0 || length < 0 || length > input.length - offset) {
      throw new IllegalArgumentException("the slice is outside the input");
    }
    if (maxDepth < 0) {
      throw new IllegalArgumentException("a depth below zero");
    }
    this.input = input;
    this.at = offset;
    this.end = offset + length;
    this.maxDepth = maxDepth;
  }

  /** Reads all of {@code input}. */
  public CborReader(byte[] input, int maxDepth) {
    this(input, 0, input.length, maxDepth);
  }

  /** Where the next item begins, counted from the first byte of the whole input. */
  public int offset() {
    return at;
  }

  /** Whether every byte has been read. */
  public boolean atEnd() {
    return at == end;
  }

  /**
   * What comes next; nothing is consumed.
   *
   * @throws MalformedCborException if nothing comes, or its first byte is reserved
   */
  public CborType peek() throws MalformedCborException {
    int initial = initialByte();
    return switch (initial >>> 5) {
      case 0 -> CborType.UNSIGNED;
      case 1 -> CborType.NEGATIVE;
      case 2 -> CborType.BYTES;
      case 3 -> CborType.TEXT;
      case 4 -> CborType.ARRAY;
      case 5 -> CborType.MAP;
      case 6 -> CborType.TAG;
      default ->
          switch (initial & 31) {
            case 20, 21 -> CborType.BOOLEAN;
            case 22 -> CborType.NULL;
            case 23 -> CborType.UNDEFINED;
            case 25, 26, 27 -> CborType.FLOAT;
            case 28, 29, 30 -> throw refused(Reason.CBOR_RESERVED_ENCODING, "reserved");
            case Head.INDEFINITE -> throw refused(Reason.CBOR_INDEFINITE_LENGTH, "a break");
            default -> CborType.SIMPLE;
          };
    };
  }

  /** Reads an integer; one outside the range of a {@code long} is refused. */
  public long readLong() throws MalformedCborException {
    CborType type = peek();
    if (type != CborType.UNSIGNED && type != CborType.NEGATIVE) {
      throw unexpected("an integer");
    }
    Head head = head();
    if (head.argument() < 0) {
      throw refused(Reason.CBOR_NUMBER_OUT_OF_RANGE, "an integer of 65 bits");
    }
    accept(head);
    return type == CborType.UNSIGNED ? head.argument() : -1 - head.argument();
  }

  /**
   * Reads an integer of any size CBOR has, as the double nearest to it.
   *
   * <p>Exact up to 2^53.
   */
  public double readIntegerAsDouble() throws MalformedCborException {
    CborType type = peek();
    if (type != CborType.UNSIGNED && type != CborType.NEGATIVE) {
      throw unexpected("an integer");
    }
    Head head = head();
    accept(head);
    return head.asDouble(type == CborType.NEGATIVE);
  }

  /** Reads a floating-point number of 16, 32 or 64 bits; infinities and NaN are returned. */
  public double readDouble() throws MalformedCborException {
    expect(CborType.FLOAT, "a floating-point number");
    Head head = head();
    accept(head);
    return switch (head.info()) {
      case 25 -> HalfFloat.toDouble((int) head.argument());
      case 26 -> Float.intBitsToFloat((int) head.argument());
      default -> Double.longBitsToDouble(head.argument());
    };
  }

  /** Reads {@code true} or {@code false}. */
  public boolean readBoolean() throws MalformedCborException {
    expect(CborType.BOOLEAN, "true or false");
    Head head = head();
    accept(head);
    return head.argument() == 21;
  }

  /** Reads {@code null}. */
  public void readNull() throws MalformedCborException {
    expect(CborType.NULL, "null");
    accept(head());
  }

  /** Reads {@code undefined} or a simple value without a meaning of its own, as its number. */
  public int readSimple() throws MalformedCborException {
    CborType type = peek();
    if (type != CborType.SIMPLE && type != CborType.UNDEFINED) {
      throw unexpected("a simple value");
    }
    Head head = head();
    accept(head);
    return (int) head.argument();
  }

  /**
   * Reads a text string.
   *
   * @param maxBytes the most UTF-8 bytes it may have
   */
  public String readText(int maxBytes) throws MalformedCborException {
    expect(CborType.TEXT, "a text string");
    Head head = string(maxBytes);
    int length = (int) head.argument();
    if (isAscii(head.next(), length)) {
      String text = new String(input, head.next(), length, StandardCharsets.US_ASCII);
      accept(head, length);
      return text;
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(input, head.next(), length))
              .toString();
      accept(head, length);
      return text;
    } catch (CharacterCodingException e) {
      throw refused(Reason.CBOR_INVALID_UTF8, "a text string");
    }
  }

  /**
   * Reads a byte string, as a copy.
   *
   * @param maxBytes the most bytes it may have
   */
  public byte[] readBytes(int maxBytes) throws MalformedCborException {
    return readByteSlice(maxBytes).toBytes();
  }

  /**
   * Reads a byte string without copying it.
   *
   * @param maxBytes the most bytes it may have
   */
  public CborSlice readByteSlice(int maxBytes) throws MalformedCborException {
    expect(CborType.BYTES, "a byte string");
    Head head = string(maxBytes);
    int length = (int) head.argument();
    accept(head, length);
    return new CborSlice(input, head.next(), length);
  }

  /**
   * Enters an array.
   *
   * @param maxItems the most items it may have
   * @return how many items follow
   */
  public int readArray(int maxItems) throws MalformedCborException {
    expect(CborType.ARRAY, "an array");
    Head head = head();
    return enter(head, countOf(head, maxItems, 1), false);
  }

  /**
   * Enters a map.
   *
   * @param maxPairs the most pairs it may have
   * @return how many pairs of key and value follow
   */
  public int readMap(int maxPairs) throws MalformedCborException {
    expect(CborType.MAP, "a map");
    Head head = head();
    return enter(head, countOf(head, maxPairs, 2), true);
  }

  /** Reads a tag's number; the item it marks comes next. Numbers from 2^63 on are refused. */
  public long readTag() throws MalformedCborException {
    expect(CborType.TAG, "a tag");
    Head head = head();
    if (head.argument() < 0) {
      throw refused(Reason.CBOR_NUMBER_OUT_OF_RANGE, "a tag number of 64 bits");
    }
    if (head.next() == end) {
      throw refused(Reason.CBOR_TRUNCATED, "a tag of nothing");
    }
    enter(head, 1, false);
    return head.argument();
  }

  /** Reads over one item and all it holds, by the same rules as if it had been asked for. */
  public CborSlice skip() throws MalformedCborException {
    int start = at;
    switch (peek()) {
      case UNSIGNED, NEGATIVE -> readIntegerAsDouble();
      case BYTES -> readByteSlice(Integer.MAX_VALUE);
      case TEXT -> readText(Integer.MAX_VALUE);
      case ARRAY -> skipItems(readArray(Integer.MAX_VALUE));
      case MAP -> skipItems(2 * readMap(Integer.MAX_VALUE));
      case TAG -> {
        readTag();
        skip();
      }
      case BOOLEAN -> readBoolean();
      case NULL -> readNull();
      case FLOAT -> readDouble();
      case UNDEFINED, SIMPLE -> readSimple();
    }
    return new CborSlice(input, start, at - start);
  }

  /**
   * Checks that nothing follows.
   *
   * @throws MalformedCborException if anything does
   */
  public void end() throws MalformedCborException {
    if (!open.isEmpty()) {
      throw new IllegalStateException("items of an array, map or tag have not been read");
    }
    if (at != end) {
      throw refused(Reason.CBOR_TRAILING_BYTES, (end - at) + " bytes left");
    }
  }

  private MalformedCborException refused(Reason reason, String detail) {
    return new MalformedCborException(reason, at, detail);
  }

  private MalformedCborException unexpected(String expected) {
    return refused(Reason.CBOR_UNEXPECTED_TYPE, "not " + expected);
  }

  private void expect(CborType type, String name) throws MalformedCborException {
    if (peek() != type) {
      throw unexpected(name);
    }
  }

  // Recursion is bounded: each level is a container or tag, counted against maxDepth when entered.
  private void skipItems(int count) throws MalformedCborException {
    for (int i = 0; i < count; i++) {
      skip();
    }
  }

  private int initialByte() throws MalformedCborException {
    return Head.initialByte(input, at, end);
  }

  private Head head() throws MalformedCborException {
    return Head.parse(input, at, end);
  }

  private boolean isAscii(int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (input[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private Head string(int maxBytes) throws MalformedCborException {
    Head head = head();
    if (head.argument() < 0 || head.argument() > end - head.next()) {
      throw refused(Reason.CBOR_TRUNCATED, "a string longer than what is left");
    }
    if (head.argument() > maxBytes) {
      throw refused(Reason.CBOR_TOO_LONG, head.argument() + " bytes where " + maxBytes + " may be");
    }
    return head;
  }

  private int countOf(Head head, int max, int itemsEach) throws MalformedCborException {
    // Every item takes at least one byte, so a count above what is left cannot be met.
    if (head.argument() < 0 || head.argument() > (end - head.next()) / itemsEach) {
      throw refused(Reason.CBOR_TRUNCATED, "more items than bytes left");
    }
    if (head.argument() > max) {
      throw refused(Reason.CBOR_TOO_LONG, head.argument() + " entries where " + max + " may be");
    }
    return (int) head.argument();
  }

  private int enter(Head head, int count, boolean map) throws MalformedCborException {
    if (open.size() >= maxDepth) {
      throw refused(Reason.CBOR_TOO_DEEP, "more than " + maxDepth + " levels");
    }
    if (count == 0) {
      accept(head);
      return 0;
    }
    int start = at;
    at = head.next();
    open.push(new Container(start, map ? 2 * count : count, map));
    return count;
  }

  private void accept(Head head) throws MalformedCborException {
    accept(head, 0);
  }

  /** Consumes an item that is complete, and every container that is complete with it. */
  private void accept(Head head, int contentLength) throws MalformedCborException {
    int start = at;
    at = head.next() + contentLength;
    while (!open.isEmpty()) {
      Container container = open.peek();
      if (container.expectsKey() && !container.addKey(ByteBuffer.wrap(input, start, at - start))) {
        throw new MalformedCborException(Reason.CBOR_DUPLICATE_KEY, start, "a key seen before");
      }
      container.remaining--;
      if (container.remaining > 0) {
        return;
      }
      start = container.start;
      open.pop();
    }
  }
}
