// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static io.wardgate.Refusals.reasonOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registered device is known after a restart; a file that is not ours is never half read. */
class FileRegistryTest {

  private static final String PUMP_LINE = "pump-1\tinfusion-pump\t2026-11-23T12:00:00Z\n";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("devices");
  }

  @Test
  void aNewRegistryIsEmptyAndWritesNothing() throws Exception {
    assertThat(FileRegistry.at(file).all()).isEmpty();
    assertThat(file).doesNotExist();
  }

  @Test
  void aRegisteredDeviceIsKnownAfterReopening() throws Exception {
    Registration patch = of(new DeviceId("acme", "ECG:1+a"), Role.ECG_PATCH);
    Registration pump = of(DeviceId.of("pump-1"), Role.INFUSION_PUMP);
    FileRegistry first = FileRegistry.at(file);
    first.register(patch);
    first.register(pump);
    FileRegistry second = FileRegistry.at(file);
    assertThat(second.all()).containsExactlyInAnyOrder(patch, pump);
    assertThat(second.find(patch.device())).contains(patch);
    assertThat(second.find(DeviceId.of("ECG:1+a"))).isEmpty();
  }

  @Test
  void everyInstantAndRoleSurvivesReopening() throws Exception {
    FileRegistry first = FileRegistry.at(file);
    for (Instant since : new Instant[] {Instant.EPOCH, Instant.MAX, Instant.MIN}) {
      DeviceId device = DeviceId.of("d" + first.all().size());
      first.register(new Registration(device, Role.of("x".repeat(40)), since));
    }
    first.register(
        new Registration(DeviceId.of("ns"), Role.of("a1-b2"), Instant.ofEpochSecond(1, 120_000)));
    assertThat(FileRegistry.at(file).all()).containsExactlyInAnyOrderElementsOf(first.all());
  }

  @Test
  void refusesADeviceTwiceAlsoUnderAnotherRole() throws Exception {
    FileRegistry registry = FileRegistry.at(file);
    Registration pump = of(DeviceId.of("pump-1"), Role.INFUSION_PUMP);
    registry.register(pump);
    assertThat(reasonOf(() -> registry.register(pump))).isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    assertThat(reasonOf(() -> registry.register(of(pump.device(), Role.ASSET_TAG))))
        .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    assertThat(FileRegistry.at(file).find(pump.device())).contains(pump);
  }

  @Test
  void onlyItsOwnerMayReadTheFile() throws Exception {
    FileRegistry.at(file).register(of(DeviceId.of("pump-1"), Role.INFUSION_PUMP));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFailedWriteLeavesNothingRegistered() throws Exception {
    FileRegistry registry = FileRegistry.at(file);
    Registration tag = of(DeviceId.of("tag-1"), Role.ASSET_TAG);
    registry.register(tag);
    Path inTheWay = Files.createDirectory(folder.resolve("devices.new"));
    Files.createFile(inTheWay.resolve("kept"));
    Registration pump = of(DeviceId.of("pump-1"), Role.INFUSION_PUMP);
    assertThat(reasonOf(() -> registry.register(pump))).isEqualTo(Reason.STATE_UNAVAILABLE);
    assertThat(registry.find(pump.device())).isEmpty();
    assertThat(FileRegistry.at(file).all()).containsExactly(tag);
    Files.delete(inTheWay.resolve("kept"));
    registry.register(pump);
    assertThat(FileRegistry.at(file).all()).containsExactlyInAnyOrder(tag, pump);
  }

  @Test
  void refusesEveryTruncation() throws Exception {
    FileRegistry registry = FileRegistry.at(file);
    for (int i = 0; i < 12; i++) {
      registry.register(of(DeviceId.of("pump-" + i), Role.INFUSION_PUMP));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(reasonOf(() -> FileRegistry.at(file)))
          .as("cut after %d bytes", length)
          .isEqualTo(Reason.STATE_DAMAGED);
    }
  }

  @Test
  void neverReadsADamagedFileAsOneWithFewerDevices() throws Exception {
    FileRegistry registry = FileRegistry.at(file);
    for (int i = 0; i < 5; i++) {
      registry.register(of(DeviceId.of("pump-" + i), Role.INFUSION_PUMP));
    }
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        assertThat(FileRegistry.at(file).all()).hasSize(5);
      } catch (WardgateException refused) {
        assertThat(refused.reason()).isEqualTo(Reason.STATE_DAMAGED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "wardgate-devices 1",
        "wardgate-devices 1\n",
        "wardgate-devices 1\nend 1\n",
        "wardgate-devices 2\nend 0\n",
        "wardgate-devices 1\nend 0\n\n",
        "wardgate-devices 1\nend 00\n",
        "wardgate-devices 1\n" + PUMP_LINE,
        "wardgate-devices 1\n" + PUMP_LINE + "end 0\n",
        "wardgate-devices 1\n" + PUMP_LINE + "end 1",
        "wardgate-devices 1\n" + PUMP_LINE + "\nend 2\n",
        "wardgate-devices 1\n" + PUMP_LINE + PUMP_LINE + "end 2\n",
        "wardgate-devices 1\n" + PUMP_LINE + "garbage\nend 2\n",
        "wardgate-devices 1\r\npump-1\tinfusion-pump\t2026-11-23T12:00:00Z\r\nend 1\r\n",
        "wardgate-devices 1\npump-1\tinfusion-pump\t2026-11-23T12:00:00Z\r\nend 1\n",
        "wardgate-devices 1\npump-1\tInfusion Pump\t2026-11-23T12:00:00Z\nend 1\n",
        "wardgate-devices 1\npump 1\tinfusion-pump\t2026-11-23T12:00:00Z\nend 1\n",
        "wardgate-devices 1\npump-1\tinfusion-pump\tyesterday\nend 1\n",
        "wardgate-devices 1\npump-1\tinfusion-pump\t2026-11-23t12:00:00z\nend 1\n",
        "wardgate-devices 1\npump-1\tinfusion-pump\nend 1\n",
        "wardgate-devices 1\npump-1\tinfusion-pump\t2026-11-23T12:00:00Z\tx\nend 1\n"
      })
  void refusesWhatItDidNotWrite(String text) throws IOException {
    Files.writeString(file, text, UTF_8);
    assertThat(reasonOf(() -> FileRegistry.at(file))).isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void refusesAFileThatIsNotText() throws IOException {
    Files.write(file, "wardgate-devices 1\n\u00ff\nend 1\n".getBytes(ISO_8859_1));
    assertThat(reasonOf(() -> FileRegistry.at(file))).isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void saysThatItCannotReadWhenAFolderIsInItsPlace() throws IOException {
    Files.createDirectory(file);
    assertThat(reasonOf(() -> FileRegistry.at(file))).isEqualTo(Reason.STATE_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Pump", "infusion_pump", "-pump", "pump-", "a--b", "1a", "a\n", "a b"})
  void aRoleIsAKebabCaseWord(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Role.of(name));
    assertThatIllegalArgumentException().isThrownBy(() -> Role.of("x".repeat(41)));
  }

  private static Registration of(DeviceId device, Role role) {
    return new Registration(device, role, Instant.parse("2026-11-23T12:00:00Z"));
  }

  @Test
  void remembersTheKeyADeviceIsBoundTo() throws Exception {
    Registration bound =
        new Registration(DeviceId.of("pump-9"), Role.INFUSION_PUMP, Instant.EPOCH)
            .boundTo(KeyFingerprint.ofPskIdentity("wg-1"));
    Path file = folder.resolve("bound");
    FileRegistry.at(file).register(bound);
    assertThat(FileRegistry.at(file).find(bound.device())).contains(bound);
  }
}
