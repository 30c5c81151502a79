// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate factory}: gives devices their first credentials, on a production site. */
@Command(
    name = "factory",
    description = "Gives devices their first credentials, on a production site.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      FactoryOpenBatchCommand.class,
      FactoryIssueCommand.class,
      FactoryCloseCommand.class,
      FactoryReportCommand.class
    })
final class FactoryCommand {}
