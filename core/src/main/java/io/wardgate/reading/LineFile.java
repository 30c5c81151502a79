// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of lines that only grows by whole groups: after {@link #append} returns, the group
 * survives a power cut; after it throws, none of it is there.
 *
 * <p>Not thread-safe.
 */
final class LineFile implements Closeable {

  private static final int CHUNK = 8192;

  private final AppendFile file;

  /** Everything below is acknowledged and forced; everything above is nobody's. */
  private long acknowledged;

  private boolean remainderAbove;

  private LineFile(AppendFile file, long acknowledged) {
    this.file = file;
    this.acknowledged = acknowledged;
  }

  /** The file as a crash may have left it; {@link #cutTornLine()} comes first. */
  static LineFile over(AppendFile file) throws IOException {
    return new LineFile(file, file.size());
  }

  /**
   * Cuts off what follows the last line feed: a power cut came while it was written, so it was
   * never acknowledged.
   *
   * @return how many bytes were cut off
   */
  long cutTornLine() throws IOException {
    long whole = endOfLastLine();
    long torn = acknowledged - whole;
    if (torn > 0) {
      file.truncate(whole);
      file.force();
      acknowledged = whole;
    }
    return torn;
  }

  /**
   * Appends whole lines.
   *
   * @throws IOException if one step fails; what was written of the group is cut off, now or, if
   *     that fails too, before the next group
   */
  void append(byte[] lines) throws IOException {
    cutRemainder();
    remainderAbove = true;
    try {
      ByteBuffer left = ByteBuffer.wrap(lines);
      while (left.hasRemaining()) {
        file.write(left, acknowledged + left.position());
      }
      file.force();
    } catch (IOException e) {
      try {
        cutRemainder();
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    acknowledged += lines.length;
    remainderAbove = false;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void cutRemainder() throws IOException {
    if (remainderAbove) {
      file.truncate(acknowledged);
      remainderAbove = false;
    }
  }

  private long endOfLastLine() throws IOException {
    long end = acknowledged;
    while (end > 0) {
      int length = (int) Math.min(CHUNK, end);
      ByteBuffer chunk = ByteBuffer.allocate(length);
      while (chunk.hasRemaining()) {
        if (file.read(chunk, end - length + chunk.position()) < 0) {
          throw new IOException("the file became shorter while it was read");
        }
      }
      for (int i = length - 1; i >= 0; i--) {
        if (chunk.get(i) == '\n') {
          return end - length + i + 1;
        }
      }
      end -= length;
    }
    return 0;
  }
}
