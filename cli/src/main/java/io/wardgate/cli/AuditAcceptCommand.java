// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeState;
import io.wardgate.cli.home.OpenHome;
import picocli.CommandLine.Command;

/** {@code wardgate audit accept}: an operator's decision to go on with the audit trail as it is. */
@Command(
    name = "accept",
    description = StateAcceptCommand.DESCRIPTION,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class AuditAcceptCommand extends StateAcceptCommand {

  @Override
  Found look(HomeState state) throws WardgateException {
    return Found.in(state.verifyAudit());
  }

  @Override
  int accept(OpenHome home) throws WardgateException {
    return home.acceptAudit();
  }
}
