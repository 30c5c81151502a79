// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate config}: what a gateway is told to do. */
@Command(
    name = "config",
    description = "The configuration of a gateway home.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = ConfigCheckCommand.class)
final class ConfigCommand {}
