// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.DeviceDesk;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wardgate device revoke}: ends a device whose credential is not trusted any more. */
@Command(
    name = "revoke",
    description = "Ends a device for good, because its credential is not trusted any more.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceRevokeCommand extends DeviceChangeCommand {

  @Mixin CauseOption why = new CauseOption();

  @Override
  String change(DeviceDesk desk, DeviceId device) throws IOException, WardgateException {
    desk.revoke(device, why.cause);
    return "revoked";
  }
}
