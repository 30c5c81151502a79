// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that says something, and what was wrong about how it was called. */
abstract class SpokenCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

  final PrintWriter out() {
    return here().commandLine().getOut();
  }

  final PrintWriter err() {
    return here().commandLine().getErr();
  }

  final ParameterException wrong(String message) {
    return new ParameterException(here().commandLine(), message);
  }

  /** At most {@code limit} bytes, and one more if there are more: enough to be refused by. */
  static byte[] readUpTo(Path file, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(limit + 1);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // Reading does not say of what.
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private CommandSpec here() {
    if (spec == null) {
      throw new IllegalStateException("used outside a command line");
    }
    return spec;
  }
}
