// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HomeBackupTest {

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private GatewayHome home;
  private Path file;

  @BeforeEach
  void makeHome() throws Exception {
    home = TestHome.in(directory);
    file = directory.resolve("gw.backup");
  }

  @Test
  @Provision("5.4-1")
  void theFileIsItsOwnersAndHoldsNoNameInPlainText() throws Exception {
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), "pump-4711");
    }
    assertThat(backup(file)).isPositive();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(new String(Files.readAllBytes(file), ISO_8859_1)).doesNotContain("pump-4711");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aHomeThatWasNeverOpenedCanBeBackedUp() throws Exception {
    backup(file);

    assertThat(file).isNotEmptyFile();
  }

  @Test
  void nothingIsOverwrittenAndNothingKeptInTheHome() throws Exception {
    Files.writeString(file, "mine");
    assertThatThrownBy(() -> backup(file)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine");
    assertThatThrownBy(() -> backup(home.directory().resolve("b"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> backup(directory.resolve("nowhere/b")))
        .isInstanceOf(IOException.class);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aStateWithLossesNobodyAcceptedIsNotBackedUp() throws Exception {
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), "pump-1");
    }
    cutLastSegment("ledger");

    assertThat(catchThrowableOfType(WardgateException.class, () -> backup(file)).reason())
        .isEqualTo(Reason.STATE_ROLLED_BACK);
    assertThat(file).doesNotExist();
    assertThat(leftovers()).isEmpty();

    try (OpenHome open = TestHome.open(home)) {
      assertThat(open.acceptLedger()).isEqualTo(1);
    }
    backup(file);
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void countersAreCopiedFirstAndTheVaultLast() throws Exception {
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), "pump-1");
    }
    Files.writeString(home.directory().resolve("stranger.pem"), "-----BEGIN PRIVATE KEY-----\n");
    Files.createDirectory(home.state().resolve("outbox"));
    Files.writeString(home.state().resolve("outbox/00000000000000000001.wgj"), "a reading");
    Files.writeString(home.state().resolve("outbox.head"), "7");
    Files.writeString(home.state().resolve("devices"), "wardgate-devices 1\n");

    assertThat(BackupFiles.counters(home))
        .containsExactly("state/ledger.head", "state/audit.head", "state/revocations.head");
    List<String> others = BackupFiles.others(home);
    assertThat(others).doesNotContain("stranger.pem").last().isEqualTo("keys.p12");
    assertThat(others.get(0)).startsWith("state/ledger/");
    assertThat(others).noneMatch(name -> name.matches("state/(outbox|devices).*"));
    assertThat(others.lastIndexOf("state/audit/00000000000000000001.wgj"))
        .isGreaterThan(others.lastIndexOf("state/ledger/00000000000000000001.wgj"));
  }

  @Test
  void aBackupBesideWorkIsOneThatCouldHaveBeenLeftBehind() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), "pump-0");
      CompletableFuture<Integer> work =
          CompletableFuture.supplyAsync(
              () -> {
                int issued = 1;
                while (!enough.get()) {
                  TestHome.register(open.desk(), "pump-" + issued++);
                }
                return issued;
              });
      for (int i = 0; i < 5; i++) {
        backup(directory.resolve("b" + i));
      }
      enough.set(true);
      assertThat(work.join()).isGreaterThan(1);
    }
    for (int i = 0; i < 5; i++) {
      Path place = directory.resolve("r" + i);
      Files.copy(directory.resolve("gw.unlock"), directory.resolve("r" + i + ".unlock"));
      new HomeRestore(TestHome.CLOCK, TestHome.RANDOM)
          .make(directory.resolve("b" + i), place, UnlockSource.BESIDE_THE_HOME);
      try (OpenHome restored = TestHome.open(GatewayHome.at(place))) {
        assertThat(restored.registry().find(DeviceId.of("pump-0"))).isPresent();
        assertThat(restored.registry().closedForIssuing()).isEmpty();
      }
    }
  }

  private long backup(Path target) throws IOException, WardgateException {
    return new HomeBackup(TestHome.CLOCK, TestHome.RANDOM)
        .make(home, UnlockSource.BESIDE_THE_HOME, target);
  }

  private void cutLastSegment(String part) throws IOException {
    try (Stream<Path> segments = Files.list(home.state().resolve(part))) {
      Path last = segments.sorted().reduce((a, b) -> b).orElseThrow();
      byte[] whole = Files.readAllBytes(last);
      Files.write(last, Arrays.copyOf(whole, whole.length - 1));
    }
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> content = Files.list(directory)) {
      return content.filter(path -> path.getFileName().toString().startsWith(".")).toList();
    }
  }
}
