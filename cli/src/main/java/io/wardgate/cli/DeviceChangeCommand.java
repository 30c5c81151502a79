// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeskDoor;
import io.wardgate.cli.home.DeviceDesk;
import java.io.IOException;
import picocli.CommandLine.Option;

/** A command that changes the state of one device, in a running gateway or without one. */
abstract class DeviceChangeCommand extends HomeCommand {

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "The device's serial, or namespace/serial for another maker's.")
  String id = "";

  @Override
  public final Integer call() throws IOException, WardgateException {
    DeviceId device = device(id);
    try (DeskDoor door =
        DeskDoor.open(
            home(), unlock.source(), Wiring.clock(), Wiring.random(), DeskDoor.PATIENCE)) {
      out().println(change(door.desk(), device) + " " + device);
    }
    return Outcome.DONE;
  }

  /** Makes the change, and says in a word what was done. */
  abstract String change(DeviceDesk desk, DeviceId device) throws IOException, WardgateException;
}
