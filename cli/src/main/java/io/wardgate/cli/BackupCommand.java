// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeBackup;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate backup}: a home in one file. */
@Command(
    name = "backup",
    description = {
      "Copies a home's keys, configuration, ledger and audit trail into one file and checks the"
          + " copy. Works beside a running gateway.",
      "The file opens with the home's unlock secret only, which is not in it: keep that elsewhere."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class BackupCommand extends HomeCommand {

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "A new file, mode 0600, outside the home. Nothing is overwritten.")
  Path file = Path.of("");

  @Override
  public Integer call() throws IOException, WardgateException {
    long head = new HomeBackup(Wiring.clock(), Wiring.random()).make(home(), unlock.source(), file);
    out().println("backed up " + head);
    return Outcome.DONE;
  }
}
