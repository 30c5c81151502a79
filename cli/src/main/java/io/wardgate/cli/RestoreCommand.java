// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeRestore;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wardgate restore}: a home from a backup. */
@Command(
    name = "restore",
    description = {
      "Makes a home from a backup, whole or not at all. It needs the unlock secret of the home that"
          + " was backed up.",
      "What happened after the backup is not in it: revoke again what was revoked since."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RestoreCommand extends SpokenCommand {

  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE",
      description = "What `wardgate backup` wrote.")
  Path file = Path.of("");

  @Option(
      names = "--home",
      required = true,
      paramLabel = "DIR",
      description = "Not there yet, or empty; not inside another home.")
  Path directory = Path.of("");

  @Mixin UnlockOptions unlock = new UnlockOptions();

  @Override
  public Integer call() throws IOException, WardgateException {
    HomeRestore.Restored restored =
        new HomeRestore(Wiring.clock(), Wiring.random()).make(file, directory, unlock.source());
    out().println("restored " + restored.head() + " epoch " + restored.epoch());
    return Outcome.DONE;
  }
}
