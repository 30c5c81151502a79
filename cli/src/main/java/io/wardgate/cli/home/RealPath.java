// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a path leads once every symbolic link is followed. */
final class RealPath {

  /** Far deeper than paths go; symbolic links may form a loop. */
  private static final int MAX_STEPS = 256;

  private RealPath() {}

  /**
   * Where {@code path} leads, also if its last parts are not there yet.
   *
   * @throws IOException if it leads in a circle, or may not be followed
   */
  static Path of(Path path) throws IOException {
    return of(path.toAbsolutePath(), MAX_STEPS);
  }

  private static Path of(Path path, int steps) throws IOException {
    if (steps == 0) {
      throw new FileSystemLoopException(path.toString());
    }
    if (Files.exists(path)) {
      return path.toRealPath();
    }
    if (Files.isSymbolicLink(path)) {
      return of(path.resolveSibling(Files.readSymbolicLink(path)), steps - 1);
    }
    Path parent = path.getParent();
    Path name = path.getFileName();
    return parent == null || name == null ? path : of(parent, steps - 1).resolve(name).normalize();
  }
}
