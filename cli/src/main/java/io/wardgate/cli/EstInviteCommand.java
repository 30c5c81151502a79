// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.EnrolmentDesk;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.KeyFingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate est invite}: expects a device before it comes. */
@Command(
    name = "invite",
    description = {
      "Expects a device, which is then given one certificate when it asks with its manufacturer's.",
      "A device that has one already may be invited again, for example after it was reset."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EstInviteCommand extends EstLetInCommand {

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description =
          "The manufacturer's certificate of the device, in PEM: then no other of that name will"
              + " do.")
  @Nullable Path certificate;

  @Override
  String letIn(EnrolmentDesk desk, DeviceId device, Instant end)
      throws IOException, WardgateException {
    desk.invite(new Invitation(device, role.role, key(), end));
    return "invited";
  }

  private Optional<KeyFingerprint> key() throws IOException, WardgateException {
    return certificate == null
        ? Optional.empty()
        : Optional.of(
            KeyFingerprint.of(
                Pem.certificates(readUpTo(certificate, Pem.MAX_BYTES)).get(0).getPublicKey()));
  }
}
