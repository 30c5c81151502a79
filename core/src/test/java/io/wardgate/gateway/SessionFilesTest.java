// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.fixtures.Provision;
import io.wardgate.keys.StateKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions are kept sealed, and connections are given back once, here, or not at all. */
class SessionFilesTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final byte[] HERE = {1};
  private static final byte[] ELSEWHERE = {2};
  private static final byte[] ALL = "all connections".getBytes(UTF_8);

  @TempDir Path state;
  @TempDir Path other;
  private final StateKeys keys = StateKeys.generate(InstantSource.system(), new SecureRandom());
  private SessionFiles files;

  @BeforeEach
  void open() {
    files = SessionFiles.in(state, keys, HERE);
  }

  @AfterEach
  void close() {
    files.close();
  }

  private void reopen() {
    files.close();
    open();
  }

  @Test
  void aSessionIsThereAtOnceAndAfterARestart() {
    files.keep(PUMP, id(1), secret(1));
    assertThat(files.find(id(1))).contains(secret(1));
    reopen();
    assertThat(files.find(id(1))).contains(secret(1));
    assertThat(files.find(id(2))).isEmpty();
  }

  @Test
  void ofEachDeviceOnlyTheLatestIsKept() throws IOException {
    for (int i = 0; i < 20; i++) {
      files.keep(PUMP, id(i), secret(i));
    }
    files.keep(DeviceId.of("pump-2"), id(100), secret(100));
    assertThat(files.find(id(18))).isEmpty();
    reopen();
    assertThat(files.find(id(18))).isEmpty();
    assertThat(files.find(id(19))).contains(secret(19));
    assertThat(files.find(id(100))).contains(secret(100));
    assertThat(sessionFiles()).hasSize(2);
  }

  @Test
  void whatIsForgottenIsGoneFromDisk() throws IOException {
    files.keep(PUMP, id(1), secret(1));
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
  void noSecretAndNoDeviceIsReadableOnDisk() throws IOException {
    files.keep(PUMP, id(1), secret(1));
    files.saveConnections(ALL);
    files.close();
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
  void whatIsCutOrChangedIsNoSession() throws IOException {
    files.keep(PUMP, id(1), secret(1));
    files.close();
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
  void whatACrashLeftBesideASessionCostsNothing() throws IOException {
    files.keep(PUMP, id(1), secret(1));
    files.close();
    Path file = sessionFiles().get(0);
    Files.copy(file, file.resolveSibling("." + file.getFileName() + ".new"));
    Files.copy(file, file.resolveSibling(file.getFileName() + ".new"));
    open();
    assertThat(files.find(id(1))).contains(secret(1));
    assertThat(sessionFiles()).containsExactly(file);
  }

  @Test
  void aSessionUnderAnothersNameIsNone() throws IOException {
    files.keep(PUMP, id(1), secret(1));
    files.close();
    Path file = sessionFiles().get(0);
    Files.move(file, file.resolveSibling("00112233445566778899aabbccddeeff"));
    open();
    assertThat(files.find(id(1))).isEmpty();
  }

  @Test
  void connectionsAreGivenBackOnce() {
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
  void connectionsThatTurnUpAgainAreRefused() throws IOException {
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
  void connectionsThatTookNoPartInARunAreRefusedAfterIt() throws IOException {
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
  void aCounterThatIsTakenAwayDoesNotComeByItsOldNumbersAgain() throws IOException {
    files.saveConnections(ALL);
    Path file = state.resolve(ConnectionsFile.NAME);
    byte[] first = Files.readAllBytes(file);
    Files.delete(file);
    Files.delete(state.resolve(ConnectionsFile.COUNTER));
    reopen();
    files.saveConnections(ALL);
    Files.write(file, first);
    reopen();
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_ROLLED_BACK);
  }

  @Test
  void connectionsWhoseCounterIsGoneAreRefused() throws IOException {
    files.saveConnections(ALL);
    Files.delete(state.resolve(ConnectionsFile.COUNTER));
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_ROLLED_BACK);
  }

  @Test
  void connectionsAreRefusedOnAnotherHost() {
    files.saveConnections(ALL);
    files.close();
    files = SessionFiles.in(state, keys, ELSEWHERE);
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_DAMAGED);
  }

  @Test
  void connectionsOfACopiedStateAreRefused() throws IOException {
    files.saveConnections(ALL);
    files.close();
    for (String name : List.of(ConnectionsFile.NAME, ConnectionsFile.COUNTER)) {
      Files.copy(state.resolve(name), other.resolve(name));
    }
    files = SessionFiles.in(other, keys, HERE);
    assertThat(files.takeConnections()).isEmpty();
    assertThat(files.refusal()).contains(Reason.STATE_COPIED);

    files.saveConnections(ALL);
    assertThat(files.takeConnections()).as("its own, from then on").contains(ALL);
  }

  @Test
  void connectionsThatAreCutOrChangedAreRefused() throws IOException {
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
  void aDiskThatTakesNothingCostsSessionsAndNothingElse() throws IOException {
    Files.writeString(state.resolve(SessionFiles.FOLDER), "in the way");
    files.keep(PUMP, id(1), secret(1));
    files.close();
    files = SessionFiles.in(state, keys, HERE);
    assertThat(files.find(id(1))).isEmpty();
  }

  @Test
  void anIdOfAnotherLengthIsNotKept() {
    files.keep(PUMP, new byte[4], secret(1));
    assertThat(files.find(new byte[4])).isEmpty();
    assertThat(files.find(new byte[0])).isEmpty();
  }

  @Test
  void aHostIsKnownByItsMachineId() throws IOException {
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

  private static byte[] id(int number) {
    byte[] id = new byte[32];
    id[31] = (byte) number;
    return id;
  }

  private static byte[] secret(int number) {
    return ("secret " + number).getBytes(UTF_8);
  }
}
