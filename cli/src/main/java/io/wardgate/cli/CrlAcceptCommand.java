// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.OpenHome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
final class CrlAcceptCommand extends HomeCommand {

  @Option(names = "--yes", description = "It is decided.")
  boolean yes;

  @Override
  public Integer call() throws IOException, WardgateException {
    if (!yes) {
      Optional<Reason> unsound = state().verifyRevocations().reason();
      if (unsound.isPresent()) {
        return Outcome.refused(out(), unsound.get(), List.of());
      }
      out().println("accepted nothing, nothing is lost");
      return Outcome.DONE;
    }
    try (OpenHome open = OpenHome.open(home(), unlock.source(), Wiring.clock(), Wiring.random())) {
      open.acceptRevocations();
    }
    out().println("accepted the revocations that are left");
    return Outcome.DONE;
  }
}
