// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.registry.LedgerView;
import io.wardgate.registry.Registration;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate device show}: all the ledger knows of one device. */
@Command(
    name = "show",
    description = {
      "Prints a device's role and state, every credential it was given, and what happened to it.",
      "Reads beside a running gateway."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceShowCommand extends HomeCommand {

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "The device's serial, or namespace/serial for another maker's.")
  String id = "";

  @Option(names = "--json", description = "One JSON object.")
  boolean json;

  @Override
  public Integer call() throws IOException, WardgateException {
    DeviceId device = device(id);
    LedgerView ledger = state().ledger(device);
    Registration registration =
        ledger
            .find(device)
            .orElseThrow(
                () -> new WardgateException(Reason.DEVICE_NOT_REGISTERED, device.toString()));
    if (json) {
      out().println(DeviceText.json(registration, ledger.history()));
    } else {
      DeviceText.lines(registration, ledger.history()).forEach(out()::println);
    }
    warnIfUnsound(ledger);
    return Outcome.DONE;
  }
}
