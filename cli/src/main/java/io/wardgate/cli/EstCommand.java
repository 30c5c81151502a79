// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate est}: enrolment, from the operator's side and from a device's. */
@Command(
    name = "est",
    description = "Enrolment of devices (RFC 9148): who is let in, and a client for makers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      EstInviteCommand.class,
      EstPendingCommand.class,
      EstApproveCommand.class,
      EstDenyCommand.class,
      EstCrtsCommand.class,
      EstEnrolCommand.class,
      EstRenewCommand.class
    })
final class EstCommand {}
