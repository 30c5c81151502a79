// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.OpenHome;
import java.io.IOException;
import java.time.Instant;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code wardgate clock forget}: an operator's decision that the latest time believed was wrong.
 */
@Command(
    name = "forget",
    description = {
      "Forgets the latest time that was believed, if a wrong clock had it believe the future: the",
      "next start learns the time anew. Set the system's clock right first. Without --yes it only",
      "says how late that was. The gateway must not be running."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ClockForgetCommand extends HomeCommand {

  @Option(names = "--yes", description = "It is decided.")
  boolean yes;

  @Override
  public Integer call() throws IOException, WardgateException {
    try (OpenHome open = OpenHome.open(home(), unlock.source(), Wiring.clock(), Wiring.random())) {
      OptionalLong latest = open.timeFloor().epochSecond();
      String time =
          latest.isPresent() ? Instant.ofEpochSecond(latest.getAsLong()).toString() : "nothing";
      if (yes) {
        open.forgetTime();
      }
      out().println((yes ? "forgot " : "believes ") + time);
    }
    return Outcome.DONE;
  }
}
