// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate reading}: what devices say. */
@Command(
    name = "reading",
    description = "What devices say.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = ReadingCheckCommand.class)
final class ReadingCommand {}
