// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a {@link LineFile} needs of a file, so that a test can let every call of it fail. */
interface AppendFile extends Closeable {

  long size() throws IOException;

  /** Reads at least one byte at {@code position}, or answers -1 at the end. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes at least one of the bytes at {@code position}, and says how many. */
  int write(ByteBuffer source, long position) throws IOException;

  void truncate(long size) throws IOException;

  /** Returns once content and length would survive a power cut. */
  void force() throws IOException;
}
