// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A file of lines that only grows by whole groups: after {@link #append} returns, the group
 * survives a power cut and is in the file its path leads to; after it throws, none of it is there,
 * unless somebody else moved or changed the file meanwhile.
 *
 * <p>What somebody else did to the file fails one group; the next finds the path opened again,
 * whatever is there now. Not thread-safe.
 */
final class LineFile implements Closeable {

  private final AppendFile.Opener path;
  private final Logger log;

  /** Null once somebody else moved or changed it, until it is opened again. */
  private @Nullable AppendFile file;

  /** Everything below is acknowledged and forced. */
  private long acknowledged;

  /** Up to here may be what a failed group left; everything above is somebody else's. */
  private long remainder;

  private LineFile(AppendFile.Opener path, Logger log) {
    this.path = path;
    this.log = log;
  }

  /**
   * Opens the file as a crash may have left it and cuts off what follows the last line feed: a
   * power cut came while it was written, so it was never acknowledged.
   *
   * @throws IOException if that fails, or if the file is not one of ours; nothing is cut off then
   */
  static LineFile open(AppendFile.Opener path, Logger log) throws IOException {
    LineFile lines = new LineFile(path, log);
    lines.file = lines.opened();
    return lines;
  }

  /**
   * Appends whole lines.
   *
   * @throws IOException if one step fails; what was written of the group is cut off, now or, if
   *     that fails too, before the next group. If the file is no longer where it was or as it was
   *     left, it is let go as it is, and opened again for the next group
   */
  void append(byte[] lines) throws IOException {
    AppendFile open = file;
    if (open == null) {
      open = opened();
      file = open;
    }
    cutRemainder(open);
    requireUntouched(open, acknowledged, acknowledged);
    remainder = acknowledged + lines.length;
    try {
      ByteBuffer left = ByteBuffer.wrap(lines);
      while (left.hasRemaining()) {
        open.append(left);
      }
      open.force();
    } catch (IOException e) {
      try {
        cutRemainder(open);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    requireUntouched(open, remainder, remainder);
    acknowledged = remainder;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private AppendFile opened() throws IOException {
    AppendFile open = path.open();
    try {
      long whole = TornLine.begin(open);
      long torn = open.size() - whole;
      if (torn > 0) {
        open.truncate(whole);
        open.force();
        log.warn("cut {} bytes of a line that was never acknowledged off the readings file", torn);
      }
      acknowledged = whole;
      remainder = whole;
      return open;
    } catch (IOException e) {
      open.close();
      throw e;
    }
  }

  private void cutRemainder(AppendFile open) throws IOException {
    if (remainder > acknowledged) {
      requireUntouched(open, acknowledged, remainder);
      open.truncate(acknowledged);
      remainder = acknowledged;
    }
  }

  private void requireUntouched(AppendFile open, long least, long most) throws IOException {
    long size = open.size();
    if (size >= least && size <= most && open.isInPlace()) {
      return;
    }
    file = null;
    IOException changed =
        new IOException("the readings file was moved, removed or changed by somebody else");
    try {
      open.close();
    } catch (IOException e) {
      changed.addSuppressed(e);
    }
    throw changed;
  }
}
