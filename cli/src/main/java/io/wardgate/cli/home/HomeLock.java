// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Proof that this process, and no other, may change a gateway home. The operating system ends it
 * with the process, however that ends.
 */
public final class HomeLock implements AutoCloseable {

  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * The lock, or empty if somebody else has it.
   *
   * @throws IOException if the lock file cannot be opened
   */
  @SuppressWarnings("resource") // the lock lives as long as the channel, which we keep
  static Optional<HomeLock> tryAcquire(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    boolean ours = false;
    try {
      FileLock lock = channel.tryLock();
      ours = lock != null;
      return ours ? Optional.of(new HomeLock(channel)) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      // Held within this very process: held all the same.
      return Optional.empty();
    } finally {
      if (!ours) {
        channel.close();
      }
    }
  }

  /** Lets the next one in; idempotent. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
