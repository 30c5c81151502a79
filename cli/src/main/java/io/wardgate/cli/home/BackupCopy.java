// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The files of a home copied elsewhere, each sized and hashed on the way. */
final class BackupCopy {

  /** A segment of the audit trail may be removed between being seen and being copied. */
  private static final int ATTEMPTS = 5;

  private final Path from;
  private final Path to;
  private final List<BackupManifest.Item> items = new ArrayList<>();

  private BackupCopy(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Copies a home, the vault last; why is said in {@link BackupFiles}.
   *
   * @param target is not there
   * @return what was copied, the vault first
   * @throws IOException if a file cannot be read or written, or is larger than it may be
   */
  static List<BackupManifest.Item> of(GatewayHome home, Path target) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return new BackupCopy(home.directory(), target).all(home);
      } catch (NoSuchFileException e) {
        PrivateFiles.removeTree(target);
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private List<BackupManifest.Item> all(GatewayHome home) throws IOException {
    Files.createDirectory(to, PrivateFiles.DIRECTORY);
    Files.createDirectory(to.resolve("state"), PrivateFiles.DIRECTORY);
    for (String name : BackupFiles.counters(home)) {
      copy(name);
    }
    // Looked for only now: a segment begun since is one the counters may already count.
    for (String name : BackupFiles.others(home)) {
      copy(name);
    }
    // Who restores must open the vault to know whether to believe the rest.
    items.add(0, items.remove(items.size() - 1));
    return items;
  }

  private void copy(String name) throws IOException {
    Path target = to.resolve(name);
    Files.createDirectories(BackupFiles.directoryOf(target), PrivateFiles.DIRECTORY);
    long most = BackupFiles.mostBytesOf(name);
    long bytes = 0;
    MessageDigest digest = BackupManifest.Item.digest();
    try (InputStream in = Files.newInputStream(from.resolve(name));
        FileChannel channel = PrivateFiles.open(target)) {
      OutputStream out = Channels.newOutputStream(channel);
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes += n;
        if (bytes > most) {
          throw new IOException(from.resolve(name) + " has more than " + most + " bytes");
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    items.add(new BackupManifest.Item(HexFormat.of().formatHex(digest.digest()), bytes, name));
  }
}
