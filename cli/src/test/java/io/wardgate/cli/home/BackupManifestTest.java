// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.BackupManifest.Head;
import io.wardgate.cli.home.BackupManifest.Item;
import io.wardgate.fixtures.Provision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupManifestTest {

  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final Head HEAD = new Head(6, HASH);
  private static final List<Item> FILES =
      List.of(
          item("keys.p12"),
          item("state/ledger.head"),
          item("state/ledger/00000000000000000001.wgj"),
          item("gateway.toml"),
          item("device-ca.pem"),
          item("gateway-ca.pem"));

  @Test
  void whatIsWrittenReadsTheSame() throws Exception {
    BackupManifest manifest = manifest(FILES);

    BackupManifest read = BackupManifest.parse(manifest.toBytes());

    assertThat(read).isEqualTo(manifest);
    assertThat(new String(manifest.toBytes(), US_ASCII)).startsWith("wardgate-backup 1\nledger ");
  }

  @Test
  @Provision("5.13-1A")
  void refusesEveryTruncation() {
    byte[] whole = manifest(FILES).toBytes();
    for (int length = 0; length < whole.length; length++) {
      assertThat(reasonOf(Arrays.copyOf(whole, length)))
          .as("%d bytes", length)
          .isEqualTo(Reason.BACKUP_DAMAGED);
    }
    assertThat(reasonOf(Arrays.copyOf(whole, whole.length + 1))).isEqualTo(Reason.BACKUP_DAMAGED);
  }

  @Test
  void aLaterFormatIsToldFromDamage() {
    assertThat(reasonOf("wardgate-backup 2\nwhatever\n".getBytes(US_ASCII)))
        .isEqualTo(Reason.STATE_NEWER);
    assertThat(reasonOf("wardgate-backup 0\nwhatever\n".getBytes(US_ASCII)))
        .isEqualTo(Reason.BACKUP_DAMAGED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "../gw.unlock",
        "/etc/passwd",
        "state/../../x",
        "state/ledger/../../../x",
        "state/ledger/sub/x",
        "state/.hidden",
        "state\\ledger",
        "state/a b",
        "state/devices",
        "state/ledger.head.new",
        "state/outbox.head",
        "state/ledger/1.wgj",
        "control.sock",
        "lock",
        "readings.jsonl",
        "sub/device-ca.pem",
        "state/"
      })
  void refusesNamesThatAreNotAHomesOwn(String name) {
    assertThat(BackupFiles.mostBytesOf(name)).isNegative();
    assertThatIllegalArgumentException().isThrownBy(() -> item(name));
    assertThat(reasonOf(text().replace("gateway.toml", name).getBytes(US_ASCII)))
        .isEqualTo(Reason.BACKUP_DAMAGED);
  }

  @ParameterizedTest
  @CsvSource({"keys.p12,67108865", "gateway.toml,65537", "state/ledger.head,134217729"})
  void refusesSizesAboveTheLimit(String name, long bytes) {
    assertThat(new Item(HASH, bytes - 1, name).bytes()).isEqualTo(bytes - 1);
    assertThatIllegalArgumentException().isThrownBy(() -> new Item(HASH, bytes, name));
    assertThatIllegalArgumentException().isThrownBy(() -> new Item(HASH, -1, name));
  }

  @Test
  void refusesMoreThanADiskShouldHold() {
    List<Item> files = new ArrayList<>(FILES);
    for (int i = 0; i < 17; i++) {
      files.add(new Item(HASH, 128L << 20, "state/audit/%020d.wgj".formatted(i)));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> manifest(files));
  }

  @Test
  void refusesAFileTwiceAndAHomeThatWouldNotBeOne() {
    List<Item> twice = new ArrayList<>(FILES);
    twice.add(item("gateway.toml"));
    assertThatIllegalArgumentException().isThrownBy(() -> manifest(twice));
    assertThatIllegalArgumentException().isThrownBy(() -> manifest(FILES.subList(0, 3)));
    assertThatIllegalArgumentException().isThrownBy(() -> manifest(FILES.subList(1, 6)));
    assertThatIllegalArgumentException().isThrownBy(() -> manifest(List.of()));
  }

  @Test
  void thereIsOneWayToWriteIt() {
    for (String other :
        List.of(
            text().replace("ledger-head 6", "ledger-head 06"),
            text().replace("2026-11-23T12:00:00Z", "2026-11-23T12:00:00.000Z"),
            text().replace("end 6", "end 5"),
            text().replace("\n", "\r\n"),
            text() + "\n",
            text().replace("audit-head", "audit-Head"))) {
      assertThat(reasonOf(other.getBytes(US_ASCII))).isEqualTo(Reason.BACKUP_DAMAGED);
    }
  }

  private static String text() {
    return new String(manifest(FILES).toBytes(), US_ASCII);
  }

  private static Item item(String name) {
    return new Item(HASH, 1000, name);
  }

  private static BackupManifest manifest(List<Item> files) {
    return new BackupManifest(
        "ab".repeat(16), Instant.parse("2026-11-23T12:00:00Z"), HEAD, HEAD, files);
  }

  private static Reason reasonOf(byte[] bytes) {
    return catchThrowableOfType(WardgateException.class, () -> BackupManifest.parse(bytes))
        .reason();
  }
}
