// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * One line of the control protocol: words of printable ASCII parted by single spaces, ended by a
 * line feed.
 *
 * @param words at least one
 */
record ControlLine(List<String> words) {

  /** Two certificates in base64 with room to spare. */
  static final int MAX_BYTES = 8 * 1024;

  ControlLine {
    words = List.copyOf(words);
  }

  static ControlLine of(String... words) {
    return new ControlLine(List.of(words));
  }

  String verb() {
    return words.get(0);
  }

  /** Reads exactly one line, and not a byte beyond it. */
  static ControlLine read(ReadableByteChannel in) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    StringBuilder text = new StringBuilder();
    while (true) {
      one.clear();
      if (in.read(one) < 0) {
        throw new IOException("the control connection ended within a line");
      }
      byte next = one.get(0);
      if (next == '\n') {
        return parse(text.toString());
      }
      if (next < ' ' || next > '~' || text.length() == MAX_BYTES) {
        throw new IOException("not a line of the control protocol");
      }
      text.append((char) next);
    }
  }

  void write(WritableByteChannel out) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((String.join(" ", words) + "\n").getBytes(US_ASCII));
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static ControlLine parse(String text) throws IOException {
    List<String> words = List.of(text.split(" ", -1));
    if (words.contains("")) {
      throw new IOException("not a line of the control protocol");
    }
    return new ControlLine(words);
  }

  /** The verb only: the rest may be a key. */
  @Override
  public String toString() {
    return "ControlLine[" + verb() + "]";
  }
}
