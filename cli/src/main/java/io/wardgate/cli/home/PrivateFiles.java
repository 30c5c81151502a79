// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** Files and directories only their owner can read: how they are made and how they are checked. */
final class PrivateFiles {

  static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private PrivateFiles() {}

  /** Makes a new file, durable except for its directory entry; an existing one is never touched. */
  static void create(Path file, byte[] content) throws IOException {
    boolean whole = false;
    try (FileChannel channel = open(file)) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
        whole = true;
      } finally {
        if (!whole) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw naming(file, e);
    }
  }

  /** A new file, open for writing; an existing one is never touched. */
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE);
  }

  /** Whether anybody but the owner may do anything with it. */
  static boolean isOpenToOthers(Path path) throws IOException {
    return Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains);
  }

  /** Whether it belongs to the user this process runs as. */
  static boolean isOurs(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid").equals(ownUid());
  }

  /** How many names, hard links, a file has; none once it was deleted. */
  static int names(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:nlink");
  }

  /** Refuses what is there but is no file: to open a pipe would wait for ever. */
  static void requireRegular(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
  }

  /** At most {@code limit} bytes of a regular file, and one more if there are more. */
  static byte[] readUpTo(Path file, int limit) throws IOException {
    requireRegular(file);
    try (InputStream in = Files.newInputStream(file)) {
      return readUpTo(in, limit);
    } catch (IOException e) {
      throw naming(file, e);
    }
  }

  /** At most {@code limit} bytes, and one more if there are more. */
  static byte[] readUpTo(InputStream in, int limit) throws IOException {
    byte[] buffer = new byte[limit + 1];
    int read = in.readNBytes(buffer, 0, buffer.length);
    byte[] content = Arrays.copyOf(buffer, read);
    Arrays.fill(buffer, (byte) 0);
    return content;
  }

  /** Removes a directory and all in it, if it is there; links are removed, not followed. */
  static void removeTree(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> content = Files.walk(directory)) {
      for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The same failure with the file in it, which reading and writing leave out. */
  static IOException naming(Path file, IOException e) {
    if (e instanceof FileSystemException) {
      return e;
    }
    FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
  }

  private static int ownUid() {
    return (int) new com.sun.security.auth.module.UnixSystem().getUid();
  }
}
