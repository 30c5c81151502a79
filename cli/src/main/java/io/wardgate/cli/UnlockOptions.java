// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.cli.home.UnlockSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where the unlock secret is: the options every command that opens a home shares. */
final class UnlockOptions {

  @Spec(Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--unlock-file",
      paramLabel = "FILE",
      description =
          "Holds the unlock secret; outside the home, mode 0600. Default: the systemd credential"
              + " wardgate-unlock, else HOME.unlock beside the home.")
  @Nullable Path file;

  @Option(
      names = "--unlock-fd",
      paramLabel = "N",
      description = "An open file descriptor to read the unlock secret from: 0, or 3 to 9.")
  @Nullable Integer descriptor;

  UnlockSource source() {
    if (file != null && descriptor != null) {
      throw wrong("--unlock-file and --unlock-fd exclude each other");
    }
    if (descriptor != null && descriptor != 0 && (descriptor < 3 || descriptor > 9)) {
      throw wrong("--unlock-fd is 0, or 3 to 9");
    }
    return new UnlockSource(
        Optional.ofNullable(file),
        descriptor == null ? OptionalInt.empty() : OptionalInt.of(descriptor),
        Wiring.systemdCredentials());
  }

  private ParameterException wrong(String message) {
    CommandSpec here = spec;
    if (here == null) {
      throw new IllegalStateException("used outside a command");
    }
    return new ParameterException(here.commandLine(), message);
  }
}
