// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.registry.LedgerView;
import io.wardgate.registry.Registration;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate device list}: the devices of a home, as its ledger has them. */
@Command(
    name = "list",
    description = {
      "Prints a line for each device, by id: id, role, state, since when, and how the fingerprint"
          + " of its key begins (- if it is bound to none).",
      "Reads beside a running gateway."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceListCommand extends HomeCommand {

  @Option(names = "--json", description = "A JSON object a line, with all of each device's keys.")
  boolean json;

  @Override
  public Integer call() throws IOException, WardgateException {
    LedgerView ledger = state().ledger();
    for (Registration registration : ledger.all()) {
      out().println(json ? DeviceText.json(registration) : DeviceText.line(registration));
    }
    warnIfUnsound(ledger);
    return Outcome.DONE;
  }
}
