// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A regular file of the operating system, locked against a second writer. */
final class ChannelFile implements AppendFile {

  private final FileChannel channel;

  private ChannelFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens {@code file}; creates it with mode 0600 and makes its name durable if it is not there.
   *
   * @throws IOException if that fails, if it is a link or anything but a regular file, or if
   *     somebody else writes to it
   */
  static ChannelFile open(Path file) throws IOException {
    FileChannel channel = openOrCreate(file.toAbsolutePath());
    try {
      if (!isLockedFor(channel)) {
        throw new IOException("another writer has this file open");
      }
      return new ChannelFile(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    return channel.write(source, position);
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  @Override
  public void force() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static FileChannel openOrCreate(Path file) throws IOException {
    try {
      FileChannel created =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Path directory = file.getParent();
      if (directory != null) {
        DurableFile.forceDirectory(directory);
      }
      return created;
    } catch (FileAlreadyExistsException e) {
      // Asked before opening: opening a pipe for writing waits for a reader.
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("not a regular file", e);
      }
      return FileChannel.open(
          file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
  }

  // The lock is the channel's: it goes when the channel is closed.
  private static boolean isLockedFor(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
