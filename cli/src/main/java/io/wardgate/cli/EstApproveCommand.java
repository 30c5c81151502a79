// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.EnrolmentDesk;
import java.io.IOException;
import java.time.Instant;
import picocli.CommandLine.Command;

/** {@code wardgate est approve}: lets in a device that waits. */
@Command(
    name = "approve",
    description =
        "Lets in a device that waits at the running gateway, by the key it waits with. Compare that"
            + " with what its maker says: see wardgate est pending.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EstApproveCommand extends EstLetInCommand {

  @Override
  String letIn(EnrolmentDesk desk, DeviceId device, Instant end)
      throws IOException, WardgateException {
    var unused = desk.approve(device, role.role, end);
    return "approved";
  }
}
