// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate peer}: whom a gateway or a device would let in. */
@Command(
    name = "peer",
    description = "Whom a gateway or a device would let in.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = PeerCheckCommand.class)
final class PeerCommand {}
