// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeState;
import io.wardgate.cli.home.OpenHome;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * {@code wardgate crl accept}: an operator's decision to go on with the revocations that are left.
 */
@Command(
    name = "accept",
    description = {
      "Goes on with the revocations that are left after some were lost or put back. Push every",
      "authority's list again first. Without --yes it only says whether something is lost. The",
      "gateway must not be running."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CrlAcceptCommand extends StateAcceptCommand {

  @Override
  Found look(HomeState state) throws WardgateException {
    // What was lost cannot be named: nothing tells which lists there were.
    return new Found(state.verifyRevocations(), List.of());
  }

  @Override
  int accept(OpenHome home) throws WardgateException {
    return home.acceptRevocations();
  }
}
