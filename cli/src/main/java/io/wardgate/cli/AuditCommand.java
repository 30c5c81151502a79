// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate audit}: what happened that matters to security. */
@Command(
    name = "audit",
    description = "The audit trail: what happened that matters to security.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {AuditVerifyCommand.class, AuditExportCommand.class, AuditAcceptCommand.class})
final class AuditCommand {}
