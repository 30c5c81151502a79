// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.AuditFormat;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.Cause;
import io.wardgate.registry.Registration;
import io.wardgate.state.Standing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done in a home without a gateway is kept, and a copy of it goes on only when told to. */
class OpenHomeTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private GatewayHome home;

  @BeforeEach
  void makeHome() throws Exception {
    home = TestHome.in(directory);
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), PUMP.serial());
    }
  }

  @Test
  void whatTheDeskDoesStandsInTheTrail() throws Exception {
    try (OpenHome open = TestHome.open(home)) {
      open.desk().suspend(PUMP, Cause.MAINTENANCE);
      open.desk().resume(PUMP);
      open.desk().retire(PUMP, Cause.REPLACED);
    }

    assertThat(trail(home))
        .satisfiesExactly(
            line -> assertThat(line).contains("device-registered", "local, as infusion-pump"),
            line -> assertThat(line).contains("device-suspended", "local, maintenance"),
            line -> assertThat(line).contains("device-resumed", "\"device\":\"pump-1\""),
            line -> assertThat(line).contains("device-retired", "local, replaced"));
  }

  @Test
  void aCopyIssuesNothingUntilItIsAcceptedAndTheOriginalGoesOn() throws Exception {
    GatewayHome copy = copied();
    try (OpenHome open = TestHome.open(copy)) {
      assertThat(issuing(open)).isEqualTo(Reason.STATE_COPIED);
      assertThat(open.acceptLedger()).isZero();
      TestHome.register(open.desk(), "pump-2");
      assertThat(open.trail().report().standing()).isEqualTo(Standing.COPIED);
      assertThat(open.acceptAudit()).isZero();
    }
    try (OpenHome open = TestHome.open(copy)) {
      assertThat(open.registry().report().standing()).isEqualTo(Standing.SOUND);
      assertThat(open.trail().report().standing()).isEqualTo(Standing.SOUND);
    }
    assertThat(trail(copy))
        .filteredOn(line -> line.contains("state-accepted"))
        .satisfiesExactly(
            line -> assertThat(line).contains("local, ledger, losses 0"),
            line -> assertThat(line).contains("local, audit, losses 0"));
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), "pump-3");
    }
  }

  @Test
  void aDeviceOfACopyCanBeRevokedBeforeAnybodyAccepts() throws Exception {
    try (OpenHome open = TestHome.open(copied())) {
      open.desk().revoke(PUMP, Cause.STOLEN);
      assertThat(open.registry().find(PUMP).orElseThrow().state().isFinal()).isTrue();
    }
  }

  @Test
  void aHomeOfVersion01KeepsItsDevices() throws Exception {
    Path old = Files.createDirectory(directory.resolve("old"));
    GatewayHome before = TestHome.in(old);
    takeStateFrom(before);
    Path file = before.state().resolve("devices");
    PrivateFiles.create(
        file,
        "wardgate-devices 1\ntag-1\tasset-tag\t2026-11-23T12:00:00Z\nend 1\n"
            .getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 2; i++) {
      try (OpenHome open = TestHome.open(before)) {
        assertThat(open.registry().all())
            .extracting(Registration::device)
            .containsExactly(DeviceId.of("tag-1"));
        assertThat(file).doesNotExist();
      }
    }
  }

  /** As version 0.1 made homes: nothing in the state, and no keys for one in the vault. */
  private static void takeStateFrom(GatewayHome home) throws Exception {
    try (UnlockSecret secret = UnlockSource.BESIDE_THE_HOME.read(home.directory());
        Stream<Path> files = Files.walk(home.state())) {
      Pkcs12Vault now = Pkcs12Vault.open(home.vault(), secret.copyOfText());
      Files.delete(home.vault());
      Pkcs12Vault then = Pkcs12Vault.create(home.vault(), secret.copyOfText());
      for (String alias :
          List.of(NewHome.DEVICE_AUTHORITY, NewHome.GATEWAY_AUTHORITY, NewHome.GATEWAY)) {
        then.store(alias, now.keyPair(alias).orElseThrow());
      }
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(home.state())) {
          Files.delete(file);
        }
      }
    }
  }

  private static Reason issuing(OpenHome open) {
    return catchThrowableOfType(
            WardgateException.class,
            () ->
                open.desk()
                    .certify(DeviceId.of("pump-2"), TestHome.ROLE, TestHome.newKey())
                    .close())
        .reason();
  }

  private static List<String> trail(GatewayHome home) throws IOException, WardgateException {
    StringBuilder out = new StringBuilder();
    HomeState.of(home, UnlockSource.BESIDE_THE_HOME, TestHome.CLOCK, TestHome.RANDOM)
        .exportAudit(AuditFormat.JSON_LINES, out);
    return out.toString().lines().toList();
  }

  private GatewayHome copied() throws IOException, WardgateException {
    Path place = directory.resolve("copy");
    try (Stream<Path> files = Files.walk(home.directory())) {
      for (Path file : files.toList()) {
        Path target = place.resolve(home.directory().relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectory(target, PrivateFiles.DIRECTORY);
        } else {
          PrivateFiles.create(target, Files.readAllBytes(file));
        }
      }
    }
    Files.copy(directory.resolve("gw.unlock"), directory.resolve("copy.unlock"));
    return GatewayHome.at(place);
  }
}
