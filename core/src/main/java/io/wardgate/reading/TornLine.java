// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Tells what a power cut left at the end of a file of readings from what somebody else wrote.
 *
 * <p>Only what can be a piece of our own line is ever for cutting off: it begins as our lines do,
 * or with the zeros of blocks that were never written, and is no longer than a line, respectively a
 * group of them, can be.
 */
final class TornLine {

  /** What a pack of 64 KiB can become as one line, all of it escaped, with room to spare. */
  static final int MAX_LINE_BYTES = 512 * 1024;

  /** All the file uplink writes at once; its length may be there without its content. */
  static final int MAX_BYTES = FileUplink.MAX_WAITING_BYTES;

  private static final byte[] BEGINNING = "{\"id\":\"".getBytes(StandardCharsets.UTF_8);
  private static final int CHUNK = 8192;

  private TornLine() {}

  /**
   * Where the last whole line of {@code file} ends.
   *
   * @throws IOException if it cannot be read, or if its beginning or its end is none of ours
   */
  static long begin(AppendFile file) throws IOException {
    long size = file.size();
    byte[] head = read(file, 0, (int) Math.min(BEGINNING.length, size));
    boolean ours = isBeginning(head);
    if (!ours && !isZeros(head)) {
      throw new IOException("it is not a file of readings: it does not begin as their lines do");
    }
    long whole = endOfLastLine(file, size);
    if (!ours && whole > 0) {
      throw new IOException("it is not a file of readings: it begins with zeros");
    }
    requireTorn(file, whole, size);
    return whole;
  }

  private static void requireTorn(AppendFile file, long begin, long end) throws IOException {
    byte[] head = read(file, begin, (int) Math.min(BEGINNING.length, end - begin));
    int written = 0;
    for (long at = begin; at < end; at += CHUNK) {
      for (byte b : read(file, at, (int) Math.min(CHUNK, end - at))) {
        written += b == 0 ? 0 : 1;
      }
    }
    boolean ours = isBeginning(head) && written <= MAX_LINE_BYTES;
    // Zeros with something after them that has no line feed: blocks written out of order.
    boolean zeros = begin > 0 && isZeros(head) && written <= MAX_LINE_BYTES;
    if (!ours && !zeros && written > 0) {
      throw new IOException("it ends with something that is no piece of a reading's line");
    }
  }

  private static long endOfLastLine(AppendFile file, long size) throws IOException {
    long end = size;
    while (end > 0) {
      if (size - end > MAX_BYTES) {
        throw new IOException("it ends with more than was ever written at once and no line feed");
      }
      int length = (int) Math.min(CHUNK, end);
      byte[] chunk = read(file, end - length, length);
      for (int i = length - 1; i >= 0; i--) {
        if (chunk[i] == '\n') {
          return end - length + i + 1;
        }
      }
      end -= length;
    }
    return 0;
  }

  private static boolean isBeginning(byte[] head) {
    for (int i = 0; i < head.length; i++) {
      if (head[i] != BEGINNING[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZeros(byte[] head) {
    for (byte b : head) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] read(AppendFile file, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    return bytes.array();
  }
}
