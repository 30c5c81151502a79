// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.cli.home.HomeState;
import picocli.CommandLine.Command;

/** {@code wardgate ledger export}: every entry of the ledger. */
@Command(
    name = "export",
    description = {
      "Writes a JSON object a line for each entry: its place, time and hash, and what it says. No"
          + " key or secret is in it. Reads beside a running gateway.",
      StateExportCommand.UNSOUND
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class LedgerExportCommand extends StateExportCommand {

  @Override
  Exporting exporting() {
    return HomeState::exportLedger;
  }
}
