// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The file of readings a gateway is about to make: unless it is {@link #keep kept}, closing removes
 * it while it is empty. A file that was there before is never removed. Used by one thread.
 */
final class NewReadings implements AutoCloseable {

  private final Path file;
  private boolean kept;

  private NewReadings(Path file, boolean kept) {
    this.file = file;
    this.kept = kept;
  }

  /** To be asked for before the file is made. */
  static NewReadings at(Path file) {
    return new NewReadings(file, Files.exists(file, LinkOption.NOFOLLOW_LINKS));
  }

  /** From now on closing removes nothing. */
  void keep() {
    kept = true;
  }

  @Override
  public void close() throws IOException {
    if (!kept && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == 0) {
      Files.delete(file);
    }
  }
}
