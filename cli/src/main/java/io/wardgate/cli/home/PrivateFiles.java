// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

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
    try (FileChannel channel =
        FileChannel.open(
            file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
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
    }
  }

  /** Whether anybody but the owner may do anything with it. */
  static boolean isOpenToOthers(Path path) throws IOException {
    return Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains);
  }

  /** Whether it belongs to the user this process runs as. */
  static boolean isOurs(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid").equals(ownUid());
  }

  /** At most {@code limit} bytes of a file or pipe, and one more if there are more. */
  static byte[] readUpTo(Path file, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[limit + 1];
      int read = in.readNBytes(buffer, 0, buffer.length);
      byte[] content = Arrays.copyOf(buffer, read);
      Arrays.fill(buffer, (byte) 0);
      return content;
    }
  }

  private static int ownUid() {
    return (int) new com.sun.security.auth.module.UnixSystem().getUid();
  }
}
