// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate ledger}: which credentials were given out, and what became of each device. */
@Command(
    name = "ledger",
    description = "The ledger: which credentials were given out, and what became of each device.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {LedgerVerifyCommand.class, LedgerExportCommand.class, LedgerAcceptCommand.class})
final class LedgerCommand {}
