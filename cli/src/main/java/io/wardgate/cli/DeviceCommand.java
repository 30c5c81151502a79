// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import picocli.CommandLine.Command;

/** {@code wardgate device}: the devices of a gateway. */
@Command(
    name = "device",
    description = "The devices of a gateway.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DeviceIssueCommand.class,
      DeviceListCommand.class,
      DeviceShowCommand.class,
      DeviceSuspendCommand.class,
      DeviceResumeCommand.class,
      DeviceRevokeCommand.class,
      DeviceRetireCommand.class
    })
final class DeviceCommand {}
