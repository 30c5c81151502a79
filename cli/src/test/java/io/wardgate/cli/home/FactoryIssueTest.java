// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.DeviceId;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.Pem;
import io.wardgate.factory.FactoryLine;
import io.wardgate.fixtures.Provision;
import io.wardgate.registry.Batch;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run that was cut off leaves behind is finished or made anew, and never handed over wrong.
 */
class FactoryIssueTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private GatewayHome home;
  private OpenHome open;
  private FactoryLine line;
  private FactoryIssue issue;
  private Path out;

  @BeforeEach
  void begin() throws Exception {
    home = TestHome.in(directory);
    open = TestHome.open(home);
    X509Certificate any = Pem.certificates(Files.readAllBytes(home.deviceCa())).get(0);
    line = open.factory(home, new GatewayConfig.Factory("line-4", any, Optional.empty()));
    line.open(
        new Batch(
            "w48",
            Role.INFUSION_PUMP,
            5,
            "line-4",
            TestHome.CLOCK.instant(),
            TestHome.CLOCK.instant().plusSeconds(60),
            "ab".repeat(32)));
    out = directory.resolve("out");
    issue = FactoryIssue.into(out, home, line, TestHome.RANDOM);
  }

  @AfterEach
  void end() throws Exception {
    open.close();
  }

  @Test
  void whatWasCutOffAfterRegisteringIsHandedOver() throws Exception {
    for (DeviceId device : List.of(PUMP, DeviceId.of("pump-2"))) {
      boolean unused = device.equals(PUMP) ? issue.certificate(device) : issue.preSharedKey(device);
      Path aside = out.resolve("." + device.serial() + ".part");
      Files.move(out.resolve(device.serial()), aside);
      assertThat(device.equals(PUMP) ? issue.certificate(device) : issue.preSharedKey(device))
          .isFalse();
      assertThat(out.resolve(device.serial())).isNotEmptyDirectory();
      assertThat(aside).doesNotExist();
    }
  }

  @Test
  void whatWasCutOffBeforeRegisteringIsMadeAnew() throws Exception {
    Path aside = Files.createDirectory(out.resolve(".pump-1.part"));
    Files.writeString(aside.resolve("key.pem"), "half");
    assertThat(issue.certificate(PUMP)).isTrue();
    assertThat(out.resolve("pump-1/key.pem")).content().startsWith("-----BEGIN");
    assertThat(aside).doesNotExist();
  }

  @Test
  @Provision("5.4-4")
  void whatWasCutOffBeforeAnotherRunMadeWhatCountsIsThrownAway() throws Exception {
    X509Certificate first = line.certify(PUMP, EcKeys.p256(TestHome.RANDOM).getPublic());
    Path aside = Files.createDirectory(out.resolve(".pump-1.part"));
    Files.writeString(aside.resolve("cert.pem"), Pem.certificate(first));
    FactoryIssue elsewhere =
        FactoryIssue.into(directory.resolve("elsewhere"), home, line, TestHome.RANDOM);
    assertThat(elsewhere.certificate(PUMP)).isTrue();

    assertThat(issue.certificate(PUMP)).isFalse();
    assertThat(aside).doesNotExist();
    assertThat(out.resolve("pump-1")).doesNotExist();
  }

  @Test
  void whatIsNotRegisteredDoesNotStayAside() throws Exception {
    var key = EcKeys.p256(TestHome.RANDOM).getPublic();
    assertThat(issue.certificate(PUMP, key)).isTrue();
    assertThatThrownBy(() -> issue.certificate(DeviceId.of("pump-2"), key))
        .hasMessageContaining("key-already-issued");
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left).containsExactly(out.resolve("pump-1"));
    }
  }

  @Test
  void nothingIsOverwrittenAndNothingLiesOpenOrInTheHome() throws Exception {
    Files.createDirectory(out.resolve("pump-1"));
    assertThatThrownBy(() -> issue.certificate(PUMP))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(open.registry().find(PUMP)).isEmpty();
    assertThatThrownBy(
            () -> FactoryIssue.into(home.directory().resolve("out"), home, line, TestHome.RANDOM))
        .isInstanceOf(IOException.class);
    Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> FactoryIssue.into(out, home, line, TestHome.RANDOM))
        .isInstanceOf(IOException.class);
  }
}
