// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.WardgateException;
import io.wardgate.identity.TrustworthyRuntime;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code wardgate}. Exits with 0 if it was done or accepted, 1 if it was refused (first
 * line of stdout: {@code REFUSED reason}; an export prints what is sound instead), 2 for wrong
 * usage or an I/O error (one line on stderr).
 */
@Command(
    name = "wardgate",
    description = "The maker's bench of a Wardgate gateway.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      InitCommand.class,
      ConfigCommand.class,
      GatewayCommand.class,
      PeerCommand.class,
      ClockCommand.class,
      CrlCommand.class,
      DeviceCommand.class,
      FactoryCommand.class,
      EstCommand.class,
      ReadingCommand.class,
      LedgerCommand.class,
      AuditCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      EraseCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done or accepted",
      "1:refused; the first line of stdout is REFUSED and the reason, but of an export what is"
          + " sound",
      "2:wrong usage or I/O error; one line on stderr"
    })
public final class Wardgate {

  private Wardgate() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(
        run(
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            arguments));
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    try {
      TrustworthyRuntime.require();
    } catch (WardgateException e) {
      return Outcome.refused(out, e);
    }
    return new CommandLine(new Wardgate())
        .setOut(out)
        .setErr(err)
        .registerConverter(Path.class, Outcome::path)
        // An argument that begins with @ is an argument, not a file to read more from.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(Outcome::wrongUsage)
        .setExecutionExceptionHandler(Outcome::failed)
        .execute(arguments);
  }
}
