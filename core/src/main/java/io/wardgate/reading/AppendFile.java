// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a {@link LineFile} needs of a file, so that a test can let every call of it fail. */
interface AppendFile extends Closeable {

  long size() throws IOException;

  /** Whether its path still leads to it; if that cannot be told, it does not. */
  boolean isInPlace();

  /** Reads at least one byte at {@code position}, or answers -1 at the end. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes at least one of the bytes at the end, wherever that is by now. */
  void append(ByteBuffer source) throws IOException;

  void truncate(long size) throws IOException;

  /** Returns once content and length would survive a power cut. */
  void force() throws IOException;

  /** Opens whatever is at a path, or creates it; again after the file before was closed. */
  interface Opener {

    AppendFile open() throws IOException;
  }
}
