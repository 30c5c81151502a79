// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeskDoor;
import io.wardgate.est.WaitingDevice;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.KeyFingerprint;
import java.io.IOException;
import java.time.Instant;
import picocli.CommandLine.Command;

/** {@code wardgate est pending}: who waits to be enrolled, and who is expected. */
@Command(
    name = "pending",
    description = {
      "Prints a line for each device that waits at the running gateway: waiting, id, the SHA-256 of",
      "the key its manufacturer's certificate has, since when; and for each that is expected:",
      "invited, id, role, until when, and the key if it must be that one, else -."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EstPendingCommand extends HomeCommand {

  @Override
  public Integer call() throws IOException, WardgateException {
    try (DeskDoor door =
        DeskDoor.open(
            home(), unlock.source(), Wiring.clock(), Wiring.random(), DeskDoor.PATIENCE)) {
      for (WaitingDevice waiting : door.enrolment().waiting()) {
        out().println("waiting " + waiting.device() + " " + waiting.key() + " " + waiting.since());
      }
    }
    Instant now = Wiring.clock().instant();
    for (Invitation invitation : state().ledger().invitations()) {
      if (now.isBefore(invitation.until())) {
        out()
            .println(
                "invited "
                    + invitation.device()
                    + " "
                    + invitation.role()
                    + " until "
                    + invitation.until()
                    + " "
                    + invitation.key().map(KeyFingerprint::hex).orElse("-"));
      }
    }
    return Outcome.DONE;
  }
}
