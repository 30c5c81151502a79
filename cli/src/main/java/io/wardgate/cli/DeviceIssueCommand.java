// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.CredentialFolder;
import io.wardgate.cli.home.DeskDoor;
import io.wardgate.cli.home.DeviceIssue;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code wardgate device issue}: registers a device and hands out a credential of its own. */
@Command(
    name = "issue",
    description = "Registers a device and writes its credential, once, to a directory.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DeviceIssueCommand implements Callable<Integer> {

  private static final String ID_RULE =
      "1 to 64 letters, digits or - . : +, beginning with a letter or digit";

  @Spec @Nullable CommandSpec spec;

  @Option(names = "--home", required = true, paramLabel = "DIR", description = "The gateway home.")
  Path directory = Path.of("");

  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "The device's serial: " + ID_RULE)
  String id = "";

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description =
          "One of: ecg-patch glucose-sensor blood-pressure pulse-oximeter ambulance-monitor"
              + " bedside-monitor infusion-pump asset-tag")
  String role = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR2",
      description = "Gets cert.pem, key.pem and ca.pem, or psk.txt. Nothing is overwritten.")
  Path out = Path.of("");

  @Option(names = "--psk", description = "A pre-shared key instead of a certificate.")
  boolean psk;

  @Mixin UnlockOptions unlock = new UnlockOptions();

  @Override
  public Integer call() throws IOException, WardgateException {
    DeviceId device = device();
    Role known = role();
    GatewayHome home = GatewayHome.at(directory);
    SecureRandom random = Wiring.random();
    List<String> files = psk ? DeviceIssue.PSK_FILES : DeviceIssue.CERTIFICATE_FILES;
    try (CredentialFolder folder = CredentialFolder.prepare(out, files, home);
        DeskDoor door =
            DeskDoor.open(home, unlock.source(), Wiring.clock(), random, DeskDoor.PATIENCE)) {
      DeviceIssue issue = new DeviceIssue(door.desk(), random);
      if (psk) {
        issue.preSharedKey(device, known, folder);
      } else {
        issue.certificate(device, known, folder);
      }
    }
    here().commandLine().getOut().println("issued " + device + " " + known);
    return Outcome.DONE;
  }

  private DeviceId device() {
    try {
      return DeviceId.of(id);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(here().commandLine(), "--id is " + ID_RULE, e);
    }
  }

  private Role role() {
    return Role.OF_THE_WARD.stream()
        .filter(r -> r.name().equals(role))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    here().commandLine(),
                    "--role is one of "
                        + Role.OF_THE_WARD.stream()
                            .map(Role::name)
                            .collect(Collectors.joining(" "))));
  }

  private CommandSpec here() {
    if (spec == null) {
      throw new IllegalStateException("used outside a command line");
    }
    return spec;
  }
}
