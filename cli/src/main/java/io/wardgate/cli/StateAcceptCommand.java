// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeState;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.state.Loss;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** A command by which an operator decides to go on with a part of the state as it is. */
abstract class StateAcceptCommand extends HomeCommand {

  static final String DESCRIPTION =
      "Goes on with it as it is: what is lost is written down as lost, and a copy is the original"
          + " from now on. Without --yes it only says what would be accepted. The gateway must not"
          + " be running.";

  @Option(names = "--yes", description = "It is decided.")
  boolean yes;

  @Override
  public final Integer call() throws IOException, WardgateException {
    if (!yes) {
      Found found = look(state());
      if (found.standing() != Standing.SOUND) {
        return Outcome.refused(out(), found.standing().reason().orElseThrow(), found.losses());
      }
      out().println("accepted 0 losses");
      return Outcome.DONE;
    }
    try (OpenHome open = OpenHome.open(home(), unlock.source(), Wiring.clock(), Wiring.random())) {
      out().println("accepted " + accept(open) + " losses");
    }
    return Outcome.DONE;
  }

  /** Reads it. */
  abstract Found look(HomeState state) throws IOException, WardgateException;

  /**
   * What there is to accept.
   *
   * @param losses each that can be named
   */
  record Found(Standing standing, List<Loss> losses) {

    static Found in(StateReport report) {
      return new Found(report.standing(), report.losses());
    }
  }

  /** Accepts it, and says how many losses that were. */
  abstract int accept(OpenHome home) throws WardgateException;
}
