// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeviceDesk;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wardgate device suspend}: keeps a device out until it is resumed. */
@Command(
    name = "suspend",
    description = "Keeps a device out, also in sessions that are open, until it is resumed.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceSuspendCommand extends DeviceChangeCommand {

  @Mixin CauseOption why = new CauseOption();

  @Override
  String change(DeviceDesk desk, DeviceId device) throws IOException, WardgateException {
    desk.suspend(device, why.cause);
    return "suspended";
  }
}
