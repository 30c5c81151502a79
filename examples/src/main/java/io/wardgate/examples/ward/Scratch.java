// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary directory, 0700, that is gone when the run ends, also by Ctrl-C. */
final class Scratch implements AutoCloseable {

  private final Path directory;
  private final Thread atExit;

  private Scratch(Path directory) {
    this.directory = directory;
    this.atExit = new Thread(this::delete, "ward-cleanup");
  }

  static Scratch create() throws IOException {
    Scratch scratch = new Scratch(Files.createTempDirectory("wardgate-ward-"));
    Runtime.getRuntime().addShutdownHook(scratch.atExit);
    return scratch;
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process ends already, and the hook runs or has run.
    }
  }

  private void delete() {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // Deleted before, or not ours any more; there is nobody left to tell.
    }
  }
}
