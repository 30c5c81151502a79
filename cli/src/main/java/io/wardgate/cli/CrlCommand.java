// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate crl}: what authorities have revoked. */
@Command(
    name = "crl",
    description = "What authorities have revoked.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {CrlPushCommand.class, CrlAcceptCommand.class})
final class CrlCommand {}
