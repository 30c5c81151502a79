// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeskDoor;
import io.wardgate.cli.home.EnrolmentDesk;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command by which a device may be enrolled, in a running gateway or without one. */
abstract class EstLetInCommand extends HomeCommand {

  /** For a device that is on its way. */
  private static final Duration DEFAULT = Duration.ofDays(7);

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "The device's serial, as its manufacturer's certificate has it.")
  String id = "";

  @Mixin RoleOption role = new RoleOption();

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description = "When it is expected no more, as 2026-12-01T12:00:00Z. Default: in 7 days.")
  @Nullable String until;

  @Override
  public final Integer call() throws IOException, WardgateException {
    DeviceId device = device(id);
    Instant end = end(Wiring.clock().instant());
    try (DeskDoor door =
        DeskDoor.open(
            home(), unlock.source(), Wiring.clock(), Wiring.random(), DeskDoor.PATIENCE)) {
      String done = letIn(door.enrolment(), device, end);
      out().println(done + " " + device + " " + role.role + " until " + end);
    }
    return Outcome.DONE;
  }

  /** Lets it in, and says in a word what was done. */
  abstract String letIn(EnrolmentDesk desk, DeviceId device, Instant end)
      throws IOException, WardgateException;

  private Instant end(Instant now) {
    if (until == null) {
      return now.plus(DEFAULT);
    }
    try {
      Instant end = Instant.parse(until);
      if (end.isAfter(now)) {
        return end;
      }
    } catch (DateTimeException e) {
      throw wrong("--until is an instant, as 2026-12-01T12:00:00Z");
    }
    throw wrong("--until is past");
  }
}
