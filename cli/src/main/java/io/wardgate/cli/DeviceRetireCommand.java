// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeviceDesk;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wardgate device retire}: ends a device whose service is over. */
@Command(
    name = "retire",
    description = "Ends a device for good, at the end of its service.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceRetireCommand extends DeviceChangeCommand {

  @Mixin CauseOption why = new CauseOption();

  @Override
  String change(DeviceDesk desk, DeviceId device) throws IOException, WardgateException {
    desk.retire(device, why.cause);
    return "retired";
  }
}
