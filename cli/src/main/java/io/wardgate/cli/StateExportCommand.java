// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.ExportFile;
import io.wardgate.cli.home.HomeState;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that writes a part of the state out, as far as it is sound. */
abstract class StateExportCommand extends HomeCommand {

  static final String UNSOUND =
      "If it is not what was written, what is sound is written all the same, what is lost is said"
          + " on stderr, and the exit code is 1.";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "A new file, mode 0600, outside the home, instead of stdout. Nothing is overwritten.")
  @Nullable Path file;

  @Override
  public final Integer call() throws IOException, WardgateException {
    Exporting exporting = exporting();
    Path target = file;
    if (target != null && home().holds(target)) {
      throw wrong("--out is in the home, where nothing is kept in plain text");
    }
    HomeState state = state();
    StateReport report;
    if (target == null) {
      report = exporting.of(state, out());
      if (out().checkError()) {
        throw new IOException("stdout takes no more");
      }
    } else {
      try (ExportFile export = ExportFile.create(target)) {
        report = exporting.of(state, export.writer());
        export.keep();
      }
    }
    Optional<Reason> unsound = report.standing().reason();
    if (unsound.isEmpty()) {
      return Outcome.DONE;
    }
    if (target != null) {
      Outcome.refused(out(), unsound.get(), List.of());
    }
    err().println("wardgate: not sound, " + unsound.get().code());
    report.losses().forEach(loss -> err().println("wardgate: " + loss));
    return Outcome.REFUSED;
  }

  /** What is to be written, and how; refuses wrong usage before anything is opened. */
  abstract Exporting exporting();

  /** Writes it. */
  @FunctionalInterface
  interface Exporting {
    StateReport of(HomeState state, Appendable out) throws IOException, WardgateException;
  }
}
