// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.fixtures.Provision;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions are kept sealed, and connections are given back once, here, or not at all. */
class SessionFilesTest extends SavedSessionsContract {

  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final byte[] HERE = {1};
  private static final byte[] ELSEWHERE = {2};
  private static final byte[] ALL = "all connections".getBytes(UTF_8);

  private static final InstantSource CLOCK = InstantSource.system();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant LATER = Instant.parse("2026-12-24T12:00:00Z");

  @TempDir Path state;
  @TempDir Path other;
  private final StateKeys keys = StateKeys.generate(CLOCK, RANDOM);
  private LedgerRegistry ledger;
  private SessionFiles files;

  @BeforeEach
  void begin() throws WardgateException {
    ledger = LedgerRegistry.create(state, keys, CLOCK, RANDOM);
    files = SessionFiles.in(state, keys, ledger, HERE);
  }

  @AfterEach
  void close() {
    files.close();
    ledger.close();
  }

  private void open() throws WardgateException {
    open(state, HERE);
  }

  private void open(Path where, byte[] host) throws WardgateException {
    ledger = LedgerRegistry.open(where, keys, CLOCK, RANDOM);
    files = SessionFiles.in(where, keys, ledger, host);
  }

  private void reopen() throws WardgateException {
    close();
    open();
  }

  @Override
  SavedSessions sessions() {
    return files;
  }

  @Test
  void aSessionIsThereAtOnceAndAfterARestart() throws Exception {
    files.keep(PUMP, id(1), secret(1), LATER);
    assertThat(files.find(id(1))).contains(secret(1));
    reopen();
    assertThat(files.find(id(1))).contains(secret(1));
    assertThat(files.find(id(2))).isEmpty();
  }

  @Test
  void ofEachDeviceOnlyTheLatestIsKept() throws Exception {
    for (int i = 0; i < 20; i++) {
      files.keep(PUMP, id(i), secret(i), LATER);
    }
    files.keep(DeviceId.of("pump-2"), id(100), secret(100), LATER);
    assertThat(files.find(id(18))).isEmpty();
    reopen();
    assertThat(files.find(id(18))).isEmpty();
    assertThat(files.find(id(19))).contains(secret(19));
    assertThat(files.find(id(100))).contains(secret(100));
    assertThat(sessionFiles()).hasSize(2);
  }

  @Test
  void whatIsForgottenIsGoneFromDisk() throws Exception {
    files.keep(PUMP, id(1), secret(1), LATER);
    reopen();
    files.forget(id(2));
    files.forget(id(1));
    assertThat(files.find(id(1))).isEmpty();
    reopen();
    assertThat(files.find(id(1))).isEmpty();
    assertThat(sessionFiles()).isEmpty();
  }

  @Test
  @Provision("5.4-1")
  void noSecretAndNoDeviceIsReadableOnDisk() throws Exception {
    files.keep(PUMP, id(1), secret(1), LATER);
    files.saveConnections(ALL);
    close();
    try (Stream<Path> tree = Files.walk(state)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), ISO_8859_1);
        assertThat(content + file)
            .doesNotContain("secret")
            .doesNotContain("pump")
            .doesNotContain("all conn");
      }
    }
  }

  @Test
  void whatIsCutOrChangedIsNoSession() throws Exception {
    files.keep(PUMP, id(1), secret(1), LATER);
    close();
    Path file = sessionFiles().get(0);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      reopen();
      assertThat(files.find(id(1))).as("%s bytes", length).isEmpty();
    }
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 1;
      Files.write(file, flipped);
      reopen();
      assertThat(files.find(id(1))).as("byte %s", i).isEmpty();
    }
    Files.write(file, whole);
    reopen();
    assertThat(files.find(id(1))).contains(secret(1));
  }

  @Test
  void whatACrashLeftBesideASessionCostsNothing() throws Exception {
    files.keep(PUMP, id(1), secret(1), LATER);
    close();
    Path file = sessionFiles().get(0);
    Files.copy(file, file.resolveSibling("." + file.getFileName() + ".new"));
    Files.copy(file, file.resolveSibling(file.getFileName() + ".new"));
    open();
    assertThat(files.find(id(1))).contains(secret(1));
    assertThat(sessionFiles()).containsExactly(file);
  }

  @Test
  void aSessionUnderAnothersNameIsNone() throws Exception {
    files.keep(PUMP, id(1), secret(1), LATER);
    close();
    Path file = sessionFiles().get(0);
    Files.move(file, file.resolveSibling("00112233445566778899aabbccddeeff"));
    open();
    assertThat(files.find(id(1))).isEmpty();
  }

  @Test
  void connectionsAreGivenBackOnce() throws Exception {
    assertThat(files.takeConnections()).isEmpty();
    files.saveConnections(ALL);
    reopen();
    assertThat(files.takeConnections()).contains(ALL);
    assertThat(files.takeConnections()).isEmpty();
    reopen();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).isEmpty();
  }

  @Test
  @Provision("5.5-1")
  void connectionsThatTurnUpAgainAreRefused() throws Exception {
    files.saveConnections(ALL);
    Path file = state.resolve(ConnectionsFile.NAME);
    byte[] copy = Files.readAllBytes(file);
    assertThat(files.takeConnections()).contains(ALL);
    Files.write(file, copy);
    reopen();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_ROLLED_BACK);
    assertThat(file).doesNotExist();

    files.saveConnections(ALL);
    Files.write(file, copy);
    reopen();
    assertThat(files.takeConnections()).as("older than what was saved since").isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_ROLLED_BACK);
  }

  @Test
  void connectionsThatTookNoPartInARunAreRefusedAfterIt() throws Exception {
    files.saveConnections(ALL);
    Path file = state.resolve("connections");
    byte[] away = Files.readAllBytes(file);
    Files.delete(file);
    reopen();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).isEmpty();
    Files.write(file, away);
    reopen();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).hasValue(Reason.STATE_ROLLED_BACK);
  }

  @Test
  @Provision("5.5-1")
  void connectionsAreRefusedWhenTheLedgerWasPutBackWithThem() throws Exception {
    files.saveConnections(ALL);
    close();
    Path file = state.resolve(ConnectionsFile.NAME);
    byte[] connections = Files.readAllBytes(file);
    copy(state.resolve("ledger"), other.resolve("ledger"));
    open();
    assertThat(files.takeConnections()).contains(ALL);
    ledger.register(
        new Registration(PUMP, Role.INFUSION_PUMP, Instant.parse("2026-11-27T12:00:00Z")));
    close();

    delete(state.resolve("ledger"));
    copy(other.resolve("ledger"), state.resolve("ledger"));
    Files.write(file, connections);
    open();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_ROLLED_BACK);

    ledger.accept();
    Files.write(file, connections);
    reopen();
    assertThat(files.takeConnections()).as("not even once that is accepted").isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_ROLLED_BACK);
  }

  @Test
  void connectionsAreRefusedInARestoredHome() throws Exception {
    files.saveConnections(ALL);
    ledger.restored();
    reopen();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_ROLLED_BACK);
  }

  @Test
  void connectionsAreRefusedOnAnotherHost() throws Exception {
    files.saveConnections(ALL);
    close();
    open(state, ELSEWHERE);
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_DAMAGED);
  }

  @Test
  void connectionsOfACopiedStateAreRefused() throws Exception {
    files.saveConnections(ALL);
    close();
    copy(state, other);
    open(other, HERE);
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_COPIED);

    ledger.accept();
    files.saveConnections(ALL);
    assertThat(files.takeConnections()).as("its own, from then on").contains(ALL);
  }

  @Test
  void aStateThatIsNotSoundAndHadNoConnectionsRefusesNone() throws Exception {
    close();
    copy(state, other);
    open(other, HERE);
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).isEmpty();
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsNoFileIsNoConnections() throws Exception {
    files.saveConnections(ALL);
    Path file = state.resolve(ConnectionsFile.NAME);
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_DAMAGED);
    assertThat(file).doesNotExist();
  }

  @Test
  void theTimeASessionIsOfNoUseFromSurvivesARestart() throws Exception {
    files.keep(PUMP, id(1), secret(1), LATER);
    reopen();
    files.purge(LATER);
    assertThat(files.find(id(1))).isPresent();
    files.purge(LATER.plusSeconds(1));
    reopen();
    assertThat(sessionFiles()).isEmpty();
  }

  @Test
  void connectionsThatAreCutOrChangedAreRefused() throws Exception {
    files.saveConnections(ALL);
    Path file = state.resolve(ConnectionsFile.NAME);
    int bytes = (int) Files.size(file);
    for (int length = 0; length < bytes; length++) {
      files.saveConnections(ALL);
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
      assertThat(files.takeConnections()).as("%s bytes", length).isEmpty();
    }
    for (int i = 0; i < bytes; i++) {
      files.saveConnections(ALL);
      byte[] flipped = Files.readAllBytes(file);
      flipped[i] ^= 1;
      Files.write(file, flipped);
      assertThat(files.takeConnections()).as("byte %s", i).isEmpty();
    }
  }

  @Test
  void aDiskThatTakesNothingCostsSessionsAndNothingElse() throws Exception {
    Files.writeString(state.resolve(SessionFiles.FOLDER), "in the way");
    files.keep(PUMP, id(1), secret(1), LATER);
    reopen();
    assertThat(files.find(id(1))).isEmpty();
  }

  @Test
  void anIdOfAnotherLengthIsNotKept() {
    files.keep(PUMP, new byte[4], secret(1), LATER);
    assertThat(files.find(new byte[4])).isEmpty();
    assertThat(files.find(new byte[0])).isEmpty();
  }

  @Test
  void aHostIsKnownByItsMachineId() throws Exception {
    Path one = Files.writeString(other.resolve("one"), "3d1219c7c4c5404aaa1f6d2a48adfda4\n");
    Path two = Files.writeString(other.resolve("two"), "4d1219c7c4c5404aaa1f6d2a48adfda4\n");
    Path none = other.resolve("none");
    assertThat(HostId.of(List.of(one))).isEqualTo(HostId.of(List.of(none, one)));
    assertThat(HostId.of(List.of(one))).isNotEqualTo(HostId.of(List.of(two)));
    assertThat(HostId.of(List.of(none))).isNotEqualTo(HostId.of(List.of(two)));
  }

  private List<Path> sessionFiles() throws IOException {
    try (Stream<Path> all = Files.list(state.resolve(SessionFiles.FOLDER))) {
      return all.toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path there = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(there);
        } else {
          Files.copy(path, there);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
