// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Replaces small private files so that a crash at any write leaves the old or the new content.
 *
 * <p>Write beside, force, rename over, force the directory: the order that journalling file systems
 * honour. Files are created with mode 0600. Thread-safe for different files.
 */
public final class DurableFile {

  private DurableFile() {}

  /**
   * Puts {@code content} at {@code file}, durably.
   *
   * @throws IOException if any step fails; the old content then still stands, unless only the last
   *     step failed, the force of the directory: then the new one does, but perhaps not after power
   *     loss
   */
  public static void replace(Path file, byte[] content) throws IOException {
    replace(file, beside -> content);
  }

  /**
   * The same for content that depends on the file it will be in, which {@code content} is given.
   */
  static void replace(Path file, Content content) throws IOException {
    write(file, content, true);
    forceDirectory(directoryOf(file));
  }

  /**
   * Puts {@code content} at {@code file} without waiting for the disk: whole for every reader, but
   * after power loss it may be the old one, or none, or torn.
   */
  public static void replaceUnforced(Path file, byte[] content) throws IOException {
    write(file, beside -> content, false);
  }

  private static void write(Path file, Content content, boolean force) throws IOException {
    Path beside = directoryOf(file).resolve(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(content.of(beside));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (force) {
        channel.force(true);
      }
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes the directory's entries durable: a created or renamed file is there after power loss. */
  public static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What is to stand in a file that is there already, empty. */
  @FunctionalInterface
  interface Content {
    byte[] of(Path beside) throws IOException;
  }

  private static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("not a file");
    }
    return parent;
  }
}
