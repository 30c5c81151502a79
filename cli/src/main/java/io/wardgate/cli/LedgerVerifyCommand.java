// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeState;
import io.wardgate.state.StateReport;
import picocli.CommandLine.Command;

/** {@code wardgate ledger verify}: whether the ledger is what was written. */
@Command(
    name = "verify",
    description = StateVerifyCommand.DESCRIPTION,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class LedgerVerifyCommand extends StateVerifyCommand {

  @Override
  StateReport report(HomeState state) throws WardgateException {
    return state.verifyLedger();
  }
}
