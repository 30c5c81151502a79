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
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What version 0.1 wrote is read whole; a file that is not that is never half read. */
class OldRegistryFileTest {

  private static final String PUMP_LINE = "pump-1\tinfusion-pump\t2026-11-23T12:00:00Z\n";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("devices");
  }

  @Test
  void whereThereIsNoFileThereIsNoDevice() throws Exception {
    assertThat(OldRegistryFile.read(file)).isEmpty();
    assertThat(file).doesNotExist();
  }

  @Test
  void readsWhatVersion01Wrote() throws Exception {
    KeyFingerprint key = KeyFingerprint.ofPskIdentity("wg-1");
    Registration patch = of(new DeviceId("acme", "ECG:1+a"), Role.ECG_PATCH);
    Registration pump = of(DeviceId.of("pump-1"), Role.INFUSION_PUMP).boundTo(key);
    write(
        "acme/ECG:1+a\tecg-patch\t2026-11-23T12:00:00Z",
        "pump-1\tinfusion-pump\t2026-11-23T12:00:00Z\t" + key);
    assertThat(OldRegistryFile.read(file)).containsExactly(patch, pump);
  }

  @Test
  void readsEveryInstantAndRole() throws Exception {
    Instant[] instants = {
      Instant.EPOCH, Instant.MAX, Instant.MIN, Instant.ofEpochSecond(1, 120_000)
    };
    String role = "x".repeat(40);
    write(
        IntStream.range(0, instants.length)
            .mapToObj(i -> "d" + i + "\t" + role + "\t" + instants[i])
            .toArray(String[]::new));
    assertThat(OldRegistryFile.read(file))
        .extracting(Registration::since)
        .containsExactly(instants);
    assertThat(OldRegistryFile.read(file))
        .allMatch(registration -> registration.role().equals(Role.of(role)));
  }

  @Test
  void refusesEveryTruncation() throws Exception {
    write(pumps(12));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(reasonOf(() -> OldRegistryFile.read(file)))
          .as("cut after %d bytes", length)
          .isEqualTo(Reason.STATE_DAMAGED);
    }
  }

  @Test
  void neverReadsADamagedFileAsOneWithFewerDevices() throws Exception {
    write(pumps(5));
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        assertThat(OldRegistryFile.read(file)).hasSize(5);
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
    assertThat(reasonOf(() -> OldRegistryFile.read(file))).isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void refusesAFileThatIsNotText() throws IOException {
    Files.write(file, "wardgate-devices 1\n\u00ff\nend 1\n".getBytes(ISO_8859_1));
    assertThat(reasonOf(() -> OldRegistryFile.read(file))).isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void saysThatItCannotReadWhenAFolderIsInItsPlace() throws IOException {
    Files.createDirectory(file);
    assertThat(reasonOf(() -> OldRegistryFile.read(file))).isEqualTo(Reason.STATE_UNAVAILABLE);
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

  private void write(String... lines) throws IOException {
    StringBuilder text = new StringBuilder("wardgate-devices 1\n");
    for (String line : lines) {
      text.append(line).append('\n');
    }
    Files.writeString(file, text.append("end ").append(lines.length).append('\n'));
  }

  private static String[] pumps(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "pump-" + i + "\tinfusion-pump\t2026-11-23T12:00:00Z")
        .toArray(String[]::new);
  }
}
