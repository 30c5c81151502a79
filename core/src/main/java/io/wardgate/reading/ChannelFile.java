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
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A regular file of the operating system, its owner's only, locked against a second writer.
 *
 * <p>POSIX takes a lock away when its process closes any channel to the file. So one that is open
 * in this program already is refused before it is touched.
 */
final class ChannelFile implements AppendFile {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /** The files that are open in this program; also the lock of opening and closing. */
  private static final Set<Object> OPEN = new HashSet<>();

  private final Path path;
  private final Object key;
  private final FileChannel writing;
  private final FileChannel reading;

  private ChannelFile(Path path, Object key, FileChannel writing, FileChannel reading) {
    this.path = path;
    this.key = key;
    this.writing = writing;
    this.reading = reading;
  }

  /**
   * Opens {@code file}; creates it with mode 0600 and makes its name durable if it is not there.
   *
   * @throws IOException if that fails, if it is a link or anything but a regular file, if others
   *     than its owner may read or write it, or if somebody else writes to it
   */
  static ChannelFile open(Path file) throws IOException {
    Path path = file.toAbsolutePath();
    synchronized (OPEN) {
      boolean created = create(path);
      Object key = requireOurs(path);
      if (!OPEN.add(key)) {
        throw new IOException("another writer in this program has it open");
      }
      try {
        if (created) {
          forceDirectoryOf(path);
        }
        return locked(path, key);
      } catch (IOException e) {
        OPEN.remove(key);
        throw e;
      }
    }
  }

  @Override
  public long size() throws IOException {
    return writing.size();
  }

  @Override
  public boolean isInPlace() {
    try {
      return key.equals(attributes(path).fileKey());
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return reading.read(target, position);
  }

  @Override
  public void append(ByteBuffer source) throws IOException {
    writing.write(source);
  }

  @Override
  public void truncate(long size) throws IOException {
    writing.truncate(size);
  }

  @Override
  public void force() throws IOException {
    writing.force(true);
  }

  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      // Closed twice, the key may be another's by now.
      if (!writing.isOpen()) {
        return;
      }
      try (writing;
          reading) {
        OPEN.remove(key);
      }
    }
  }

  private static boolean create(Path path) throws IOException {
    try {
      FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_ONLY))
          .close();
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void forceDirectoryOf(Path path) throws IOException {
    Path directory = path.getParent();
    if (directory != null) {
      DurableFile.forceDirectory(directory);
    }
  }

  /** Asked before opening: opening a pipe for writing waits for a reader. */
  private static Object requireOurs(Path path) throws IOException {
    PosixFileAttributes attributes = attributes(path);
    if (!attributes.isRegularFile()) {
      throw new IOException(
          attributes.isSymbolicLink()
              ? "it is a link"
              : attributes.isDirectory() ? "it is a directory" : "it is not a regular file");
    }
    Set<PosixFilePermission> permissions = attributes.permissions();
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new IOException(
          "its permissions are "
              + PosixFilePermissions.toString(permissions)
              + " and patients' readings are for its owner only: rw-------");
    }
    Object key = attributes.fileKey();
    if (key == null) {
      throw new IOException("its file system has no identity for files");
    }
    return key;
  }

  private static ChannelFile locked(Path path, Object key) throws IOException {
    // To append is the channel's own doing, so nothing somebody else wrote is ever overwritten; a
    // channel that appends cannot read.
    FileChannel writing =
        FileChannel.open(path, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    try {
      FileChannel reading =
          FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      ChannelFile file = new ChannelFile(path, key, writing, reading);
      try {
        if (!isLockedFor(writing)) {
          throw new IOException("another writer has it open");
        }
        if (!file.isInPlace()) {
          throw new IOException("it was replaced while it was opened");
        }
        return file;
      } catch (IOException e) {
        reading.close();
        throw e;
      }
    } catch (IOException e) {
      writing.close();
      throw e;
    }
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
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
