// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.keys.DurableFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file that is made whole and durable, or not at all; only its owner reads it. */
public final class NewFile {

  private NewFile() {}

  /**
   * Writes one.
   *
   * @throws FileAlreadyExistsException if something is there
   */
  public static void write(Path file, byte[] content) throws IOException {
    PrivateFiles.create(file, content);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      DurableFile.forceDirectory(parent);
    }
  }

  /**
   * Makes sure that nothing is there yet, before something is done that cannot be done twice.
   *
   * @throws FileAlreadyExistsException if something is
   */
  public static void requireNone(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
  }
}
