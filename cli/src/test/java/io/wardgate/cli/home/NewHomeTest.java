// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.ca.HostName;
import io.wardgate.ca.Pem;
import io.wardgate.fixtures.Provision;
import io.wardgate.identity.GatewayTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewHomeTest {

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  @Test
  @Provision("5.4-1")
  void everythingInAHomeIsItsOwnersAlone() throws Exception {
    GatewayHome home = TestHome.in(directory);

    try (Stream<Path> content = Files.walk(home.directory())) {
      for (Path path : content.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as("%s", path)
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unlockFile())))
        .isEqualTo("rw-------");
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-3")
  void noTwoHomesShareAKeyANameOrAnUnlockSecret() throws Exception {
    GatewayHome one = TestHome.in(directory);
    TestHome.make(directory.resolve("other"), UnlockSource.BESIDE_THE_HOME);
    GatewayHome other = GatewayHome.at(directory.resolve("other"));

    for (Path file : List.of(one.deviceCa(), one.gatewayCa())) {
      X509Certificate mine = certificate(file);
      X509Certificate theirs = certificate(other.directory().resolve(file.getFileName()));
      assertThat(mine.getPublicKey()).isNotEqualTo(theirs.getPublicKey());
      assertThat(mine.getSubjectX500Principal()).isNotEqualTo(theirs.getSubjectX500Principal());
    }
    assertThat(Files.readString(unlockFile()))
        .isNotEqualTo(Files.readString(directory.resolve("other.unlock")));
  }

  @Test
  void devicesAndGatewayHaveTwoAuthorities() throws Exception {
    GatewayHome home = TestHome.in(directory);
    X509Certificate gatewayCa = certificate(home.gatewayCa());

    assertThat(certificate(home.deviceCa()).getPublicKey()).isNotEqualTo(gatewayCa.getPublicKey());
    try (OpenHome open = TestHome.open(home)) {
      GatewayTrust.anchoredAt(gatewayCa, "localhost")
          .verify(open.identity().chain(), TestHome.CLOCK.instant());
    }
  }

  @Test
  void theHomeNeverHoldsItsUnlockSecret() throws Exception {
    GatewayHome home = TestHome.in(directory);
    String secret = Files.readString(unlockFile()).strip();

    assertThat(secret).hasSize(43);
    try (Stream<Path> content = Files.walk(home.directory())) {
      for (Path file : content.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1)).doesNotContain(secret);
      }
    }
  }

  @Test
  void anEmptyDirectoryBecomesAHome() throws Exception {
    Files.createDirectory(directory.resolve("gw"));

    assertThat(TestHome.in(directory).vault()).exists();
  }

  @Test
  void refusesADirectoryWithAnythingInItAndLeavesItAlone() throws Exception {
    Path place = Files.createDirectory(directory.resolve("gw"));
    Path file = Files.writeString(place.resolve("notes"), "mine");

    assertThatThrownBy(() -> TestHome.in(directory)).isInstanceOf(IOException.class);

    assertThat(place).isDirectoryContaining(file::equals);
    assertThat(unlockFile()).doesNotExist();
  }

  @Test
  void refusesAFileOrASymbolicLinkInItsPlace() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(directory.resolve("gw"), elsewhere);

    assertThatThrownBy(() -> TestHome.in(directory)).isInstanceOf(IOException.class);

    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void refusesAPathNoControlSocketFitsBehind() {
    String longName = "g".repeat(99 - directory.toString().length() - "/control.sock".length());

    assertThatThrownBy(
            () -> TestHome.make(directory.resolve(longName + "x"), UnlockSource.BESIDE_THE_HOME))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long")
        .hasMessageContaining("101");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFailureLeavesNoHomeAndNoHalfOfOne() throws Exception {
    Path unlock = Files.writeString(unlockFile(), "password\n");
    Files.setPosixFilePermissions(unlock, PosixFilePermissions.fromString("rw-------"));

    assertThatThrownBy(() -> TestHome.in(directory)).hasMessageContaining("unlock-secret-weak");

    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(unlock));
  }

  @Test
  void aFailureLeavesNoNewUnlockSecret() {
    assertThatThrownBy(
            () ->
                new NewHome(TestHome.CLOCK, TestHome.RANDOM)
                    .make(directory.resolve("gw"), List.of(), UnlockSource.BESIDE_THE_HOME))
        .isInstanceOf(RuntimeException.class);

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  @Provision("5.4-1")
  void refusesAPlaceInAnotherHomeWhichWouldHoldItsUnlockSecret() throws Exception {
    GatewayHome outer = TestHome.in(directory);
    Path deep = Files.createDirectory(outer.directory().resolve("deep"));
    Path way = Files.createSymbolicLink(directory.resolve("way"), deep);

    for (Path place :
        List.of(outer.directory().resolve("i"), deep.resolve("i"), way.resolve("i"))) {
      assertThatThrownBy(() -> TestHome.make(place, UnlockSource.BESIDE_THE_HOME))
          .as("%s", place)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("inside another");
    }
    assertThat(deep).isEmptyDirectory();
  }

  @Test
  void whatACrashLeftBesideIsNoHindrance() throws Exception {
    Files.createDirectory(directory.resolve(".gw.new-01234567"));
    UnlockSource.BESIDE_THE_HOME.readOrCreate(directory.resolve("gw"), TestHome.RANDOM).close();
    String before = Files.readString(unlockFile());

    GatewayHome home = TestHome.in(directory);

    assertThat(Files.readString(unlockFile())).isEqualTo(before);
    TestHome.open(home).close();
  }

  @Test
  void theConfigurationOfANewHomeHolds() throws Exception {
    GatewayConfig config = GatewayConfig.of(TestHome.in(directory));

    assertThat(config.name()).isEqualTo(new HostName("localhost"));
    assertThat(config.port()).isEqualTo(5684);
    assertThat(config.anchors()).hasSize(1);
  }

  private Path unlockFile() {
    return directory.resolve("gw.unlock");
  }

  private static X509Certificate certificate(Path file) throws Exception {
    return Pem.certificates(Files.readAllBytes(file)).get(0);
  }
}
