// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeskDoor;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate est deny}: expects a device no more. */
@Command(
    name = "deny",
    description = {
      "Expects a device no more. A running gateway refuses it from then on, until it is invited or",
      "the gateway starts again. What it was given already is ended by wardgate device revoke."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EstDenyCommand extends HomeCommand {

  @Option(names = "--id", required = true, paramLabel = "ID", description = "The device's serial.")
  String id = "";

  @Override
  public Integer call() throws IOException, WardgateException {
    DeviceId device = device(id);
    try (DeskDoor door =
        DeskDoor.open(
            home(), unlock.source(), Wiring.clock(), Wiring.random(), DeskDoor.PATIENCE)) {
      door.enrolment().deny(device);
    }
    out().println("denied " + device);
    return Outcome.DONE;
  }
}
