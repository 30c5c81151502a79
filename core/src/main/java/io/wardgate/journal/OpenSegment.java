// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The one segment a journal is writing. Used by one thread. */
final class OpenSegment implements AutoCloseable {

  private final long number;
  private final FileChannel channel;
  private final RecordCipher cipher;
  private long size;

  private OpenSegment(long number, FileChannel channel, RecordCipher cipher) {
    this.number = number;
    this.channel = channel;
    this.cipher = cipher;
  }

  /** Makes the file and writes its header; nothing is durable yet. */
  static OpenSegment begin(SegmentFiles files, SegmentHeader header, byte[] key)
      throws IOException {
    FileChannel channel = files.create(header.number());
    boolean begun = false;
    try {
      OpenSegment segment = new OpenSegment(header.number(), channel, new RecordCipher(key));
      segment.write(ByteBuffer.wrap(header.encode()));
      begun = true;
      return segment;
    } finally {
      if (!begun) {
        // A full disk must not fill with files that hold nothing.
        channel.close();
        files.discard(header.number());
      }
    }
  }

  long number() {
    return number;
  }

  /** What was written to it so far. */
  long size() {
    return size;
  }

  RecordCipher cipher() {
    return cipher;
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      size += channel.write(bytes);
    }
  }

  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
