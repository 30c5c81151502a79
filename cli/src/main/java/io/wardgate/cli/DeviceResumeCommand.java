// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeviceDesk;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code wardgate device resume}: lets a suspended device in again. */
@Command(
    name = "resume",
    description = "Lets a suspended device in again.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceResumeCommand extends DeviceChangeCommand {

  @Override
  String change(DeviceDesk desk, DeviceId device) throws IOException, WardgateException {
    desk.resume(device);
    return "resumed";
  }
}
