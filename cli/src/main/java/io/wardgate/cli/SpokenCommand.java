// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import java.io.PrintWriter;
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

  private CommandSpec here() {
    if (spec == null) {
      throw new IllegalStateException("used outside a command line");
    }
    return spec;
  }
}
