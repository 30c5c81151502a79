// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.CredentialFolder;
import io.wardgate.cli.home.DeskDoor;
import io.wardgate.cli.home.DeviceIssue;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wardgate device issue}: registers a device and hands out a credential of its own. */
@Command(
    name = "issue",
    description = "Registers a device and writes its credential, once, to a directory.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceIssueCommand extends HomeCommand {

  private static final String ID_RULE =
      "1 to 64 letters, digits or - . : +, beginning with a letter or digit";

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "The device's serial: " + ID_RULE)
  String id = "";

  @Mixin RoleOption role = new RoleOption();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR2",
      description =
          "Gets cert.pem, key.pem and ca.pem; without key.pem for a --csr; or psk.txt. Nothing is"
              + " overwritten.")
  Path target = Path.of("");

  @Option(
      names = "--csr",
      paramLabel = "FILE",
      description =
          "A certification request (PKCS#10, PEM or DER) for a key the device made, on P-256. If it"
              + " names a device, it is this one; what else it asks for is not followed.")
  @Nullable Path csr;

  @Option(names = "--psk", description = "A pre-shared key instead of a certificate.")
  boolean psk;

  @Override
  public Integer call() throws IOException, WardgateException {
    DeviceId device = device();
    Role known = role.role;
    GatewayHome home = home();
    SecureRandom random = Wiring.random();
    if (psk && csr != null) {
      throw wrong("--csr and --psk are two kinds of credential");
    }
    Optional<CertificationRequest> request =
        csr == null ? Optional.empty() : Optional.of(request(csr));
    List<String> files =
        psk
            ? DeviceIssue.PSK_FILES
            : request.isPresent() ? DeviceIssue.REQUESTED_FILES : DeviceIssue.CERTIFICATE_FILES;
    try (CredentialFolder folder = CredentialFolder.prepare(target, files, home);
        DeskDoor door =
            DeskDoor.open(home, unlock.source(), Wiring.clock(), random, DeskDoor.PATIENCE)) {
      DeviceIssue issue = new DeviceIssue(door.desk(), random);
      if (psk) {
        issue.preSharedKey(device, known, folder);
      } else if (request.isPresent()) {
        issue.certificate(device, known, request.get(), folder);
      } else {
        issue.certificate(device, known, folder);
      }
    }
    out().println("issued " + device + " " + known);
    return Outcome.DONE;
  }

  private static CertificationRequest request(Path file) throws IOException, WardgateException {
    return CertificationRequest.of(Pem.certificationRequest(readUpTo(file, Pem.MAX_BYTES)));
  }

  private DeviceId device() {
    try {
      return DeviceId.of(id);
    } catch (IllegalArgumentException e) {
      throw wrong("--id is " + ID_RULE);
    }
  }
}
