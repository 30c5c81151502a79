// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeState;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.util.Optional;

/** A command that reads a part of the state whole and says whether it is what was written. */
abstract class StateVerifyCommand extends HomeCommand {

  static final String DESCRIPTION =
      "Reads it whole and says OK and where it ends, or REFUSED state-damaged, state-rolled-back or"
          + " state-copied and what is lost. Changes nothing, and reads beside a running gateway.";

  @Override
  public final Integer call() throws IOException, WardgateException {
    StateReport report = report(state());
    Optional<Reason> unsound = report.standing().reason();
    if (unsound.isPresent()) {
      return Outcome.refused(out(), unsound.get(), report.losses());
    }
    out()
        .println(
            "OK records="
                + report.records()
                + " segments="
                + report.segments()
                + " head="
                + report.head()
                + " hash="
                + report.headHash()
                + " acknowledged="
                + report.acknowledged());
    return Outcome.DONE;
  }

  /** Reads it. */
  abstract StateReport report(HomeState state) throws IOException, WardgateException;
}
