// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory a device's credential is handed out in: files of mode 0600 that overwrite nothing.
 *
 * <p>Unless it is {@link #keep kept}, closing removes what was written, and the directories that
 * were made for it. Used by one thread.
 */
public final class CredentialFolder implements AutoCloseable {

  private final Path directory;
  private final List<Path> made;
  private final List<Path> written = new ArrayList<>();
  private boolean kept;

  /**
   * A folder not prepared yet.
   *
   * @param made the directories that are not there yet, the innermost first
   */
  private CredentialFolder(Path directory, List<Path> made) {
    this.directory = directory;
    this.made = made;
  }

  /**
   * Prepares {@code directory}, made with mode 0700 if it is not there.
   *
   * @param names of the files that will be written
   * @throws IOException if one of them exists, or the directory lies in the home, where no device's
   *     credential may be kept
   */
  public static CredentialFolder prepare(Path directory, List<String> names, GatewayHome home)
      throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    CredentialFolder folder = new CredentialFolder(absolute, missing(absolute));
    boolean ready = false;
    try {
      if (!folder.made.isEmpty()) {
        Files.createDirectories(absolute, PrivateFiles.DIRECTORY);
      }
      if (absolute.toRealPath().startsWith(home.directory().toRealPath())) {
        throw new IOException("a device's credential is not kept in the gateway home: " + absolute);
      }
      for (String name : names) {
        Path file = absolute.resolve(name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new FileAlreadyExistsException(file.toString());
        }
      }
      ready = true;
      return folder;
    } finally {
      if (!ready) {
        folder.close();
      }
    }
  }

  /**
   * Writes a new file.
   *
   * @throws IOException if it exists or cannot be written
   */
  public void write(String name, byte[] content) throws IOException {
    Path file = directory.resolve(name);
    PrivateFiles.create(file, content);
    written.add(file);
  }

  /** Makes what was written survive power loss. */
  public void makeDurable() throws IOException {
    DurableFile.forceDirectory(directory);
    for (Path entry : made) {
      Path parent = entry.getParent();
      if (parent != null) {
        DurableFile.forceDirectory(parent);
      }
    }
  }

  /** From now on closing removes nothing. */
  public void keep() {
    kept = true;
  }

  @Override
  public void close() throws IOException {
    if (kept) {
      return;
    }
    for (Path file : written) {
      Files.deleteIfExists(file);
    }
    try {
      for (Path entry : made) {
        Files.deleteIfExists(entry);
      }
    } catch (DirectoryNotEmptyException e) {
      // Somebody uses it by now: it is theirs.
      return;
    }
  }

  private static List<Path> missing(Path directory) {
    List<Path> missing = new ArrayList<>();
    Path at = directory;
    while (at != null && !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      missing.add(at);
      at = at.getParent();
    }
    return List.copyOf(missing);
  }
}
