// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate clock}: how late a home believes it is. */
@Command(
    name = "clock",
    description = "How late a home believes it is.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = ClockForgetCommand.class)
final class ClockCommand {}
