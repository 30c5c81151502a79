// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.journal.Journal;
import io.wardgate.journal.JournalLimits;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the ledger is known after a restart, and nothing in it is issued twice. */
class LedgerRegistryTest extends DeviceRegistryContract {

  private static final ObedientClock CLOCK = ObedientClock.at("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;
  private final StateKeys keys = StateKeys.generate(CLOCK, RANDOM);
  private LedgerRegistry ledger;

  @BeforeEach
  void create() throws Exception {
    ledger = LedgerRegistry.create(folder, keys, CLOCK, RANDOM);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Override
  DeviceRegistry registry() {
    return ledger;
  }

  /**
   * The journal tells in order: once this is durable, what was asked before has come into effect.
   */
  @Override
  void settle() throws WardgateException {
    ledger.restored();
  }

  private void reopen() throws WardgateException {
    ledger.close();
    ledger = LedgerRegistry.open(folder, keys, CLOCK, RANDOM);
    assertThat(ledger.report().standing()).isEqualTo(Standing.SOUND);
  }

  @Test
  void everyStateAndCredentialSurvivesReopening() throws Exception {
    int number = 10;
    for (DeviceState state : DeviceState.values()) {
      DeviceId device = DeviceId.of(state.code());
      ledger.register(
          new Registration(device, Role.ECG_PATCH, SINCE.plusNanos(1))
              .with(certificate(number, "a" + number))
              .with(preSharedKey(number + 100, number))
              .boundTo(key(number + 200)));
      bring(device, state);
      assertThat(stateOf(device)).isEqualTo(state);
      number++;
    }
    Collection<Registration> before = ledger.all();
    reopen();
    assertThat(ledger.all()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void whereASuspendedDeviceGoesOnSurvivesReopening() throws Exception {
    ledger.register(pump());
    ledger.register(tag());
    bring(TAG, DeviceState.ACTIVE);
    ledger.suspend(PUMP, Cause.MAINTENANCE);
    ledger.suspend(TAG, Cause.MAINTENANCE);
    reopen();
    ledger.resume(PUMP);
    ledger.resume(TAG);
    assertThat(stateOf(PUMP)).isEqualTo(DeviceState.ISSUED);
    assertThat(stateOf(TAG)).isEqualTo(DeviceState.ACTIVE);
  }

  @Test
  @Provision("5.4-4")
  void nothingIsIssuedTwiceAlsoAfterReopening() throws Exception {
    ledger.register(pump().with(certificate(1, "1")).with(preSharedKey(2, 2)));
    ledger.revoke(PUMP, Cause.STOLEN);
    reopen();
    assertThat(reasonOf(() -> ledger.register(pump()))).isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    assertThat(reasonOf(() -> ledger.register(tag().boundTo(key(1)))))
        .isEqualTo(Reason.KEY_ALREADY_ISSUED);
    assertThat(reasonOf(() -> ledger.register(tag().with(certificate(3, "1")))))
        .isEqualTo(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED);
    assertThat(reasonOf(() -> ledger.register(tag().with(preSharedKey(3, 2)))))
        .isEqualTo(Reason.PRE_SHARED_KEY_ALREADY_ISSUED);
  }

  @Test
  void afterClosingItIsReadAndNotWritten() throws Exception {
    ledger.register(pump());
    ledger.close();
    assertThat(ledger.find(PUMP)).contains(pump());
    ledger.activate(PUMP);
    assertThat(reasonOf(() -> ledger.revoke(PUMP, Cause.LOST))).isEqualTo(Reason.CLOSED);
    assertThat(stateOf(PUMP)).isEqualTo(DeviceState.ISSUED);
  }

  @Test
  void aLedgerIsBegunOnce() {
    assertThatIllegalStateException()
        .isThrownBy(() -> LedgerRegistry.create(folder, keys, CLOCK, RANDOM));
    assertThat(ledger.all()).isEmpty();
  }

  @Test
  void noTwoLedgersHaveOneId(@TempDir Path elsewhere) throws Exception {
    String id = ledger.ledgerId();
    assertThat(id).matches("[0-9a-f]{32}").isNotEqualTo(LedgerRegistry.NO_ID);
    try (LedgerRegistry other = LedgerRegistry.create(elsewhere, keys, CLOCK, RANDOM)) {
      assertThat(other.ledgerId()).isNotEqualTo(id);
    }
    reopen();
    assertThat(ledger.ledgerId()).isEqualTo(id);
  }

  @Test
  void aRestoredLedgerIsInANewEpoch() throws Exception {
    assertThat(ledger.epoch()).isEqualTo(1);
    ledger.restored();
    assertThat(ledger.epoch()).isEqualTo(2);
    reopen();
    ledger.restored();
    assertThat(ledger.epoch()).isEqualTo(3);
  }

  @Test
  void connectionsThatWereSavedAreTakenOnce() throws Exception {
    assertThat(ledger.connectionsTaken()).isEmpty();
    String first = ledger.connectionsSaved();
    String second = ledger.connectionsSaved();
    assertThat(second).matches("[0-9a-f]{32}").isNotEqualTo(first);
    reopen();
    assertThat(ledger.connectionsTaken()).contains(second);
    assertThat(ledger.connectionsTaken()).isEmpty();
    reopen();
    assertThat(ledger.connectionsTaken()).isEmpty();
  }

  @Test
  void startingWithoutSavedConnectionsWritesNothing() throws Exception {
    reopen();
    long before = ledger.report().records();
    for (int i = 0; i < 3; i++) {
      assertThat(ledger.connectionsTaken()).isEmpty();
      reopen();
    }
    assertThat(ledger.report().records()).isEqualTo(before);
  }

  @Test
  void itsFilesAreItsOwnersAlone() throws Exception {
    ledger.register(pump());
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.filter(found -> !found.equals(folder)).toList()) {
        assertThat(Files.getPosixFilePermissions(path))
            .as("%s", path)
            .allMatch(permission -> permission.name().startsWith("OWNER"));
      }
    }
  }

  @Test
  @Provision("5.4-1")
  void whatIsInItCannotBeReadFromItsFiles() throws Exception {
    ledger.register(pump().with(certificate(1, "abc123")));
    ledger.close();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1))
            .as("%s", path)
            .doesNotContain("pump-1")
            .doesNotContain("infusion-pump")
            .doesNotContain("abc123");
      }
    }
  }

  /** What was made for a device, whether or not the device ever got it. */
  @Nested
  class Certified {

    @Test
    @Provision("5.1-1")
    @Provision("5.4-4")
    void whatWasNeverConfirmedGoesToNoOtherDevice() throws Exception {
      ledger.certified(PUMP, certificate(1, "1"));
      ledger.certified(PUMP, preSharedKey(2, 2));
      for (int round = 0; round < 2; round++) {
        assertThat(reasonOf(() -> ledger.certified(TAG, certificate(1, "2"))))
            .isEqualTo(Reason.KEY_ALREADY_ISSUED);
        assertThat(reasonOf(() -> ledger.register(tag().boundTo(key(1)))))
            .isEqualTo(Reason.KEY_ALREADY_ISSUED);
        assertThat(reasonOf(() -> ledger.certified(TAG, certificate(3, "1"))))
            .isEqualTo(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED);
        assertThat(reasonOf(() -> ledger.certified(TAG, preSharedKey(3, 2))))
            .isEqualTo(Reason.PRE_SHARED_KEY_ALREADY_ISSUED);
        reopen();
      }
      assertThat(ledger.all()).isEmpty();
    }

    @Test
    void aDeviceMayBeCertifiedAgainUntilItIsRegistered() throws Exception {
      ledger.certified(PUMP, certificate(1, "1"));
      ledger.certified(PUMP, certificate(2, "2"));
      ledger.certified(PUMP, certificate(2, "3"));
      ledger.register(pump().with(certificate(2, "3")));
      assertThat(reasonOf(() -> ledger.certified(PUMP, certificate(3, "4"))))
          .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
    }

    @Test
    void noCertificateNumberIsGivenTwiceNotEvenToTheSameDevice() throws Exception {
      ledger.certified(PUMP, certificate(1, "1"));
      assertThat(reasonOf(() -> ledger.certified(PUMP, certificate(2, "1"))))
          .isEqualTo(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED);
    }
  }

  /** What may be given credentials together. */
  @Nested
  class Batched {

    private final Batch two = batch("two", 2);

    @Test
    @Provision("5.4-4")
    void stopsAtItsCountAlsoAfterReopening() throws Exception {
      ledger.openBatch(two);
      ledger.register(pump());
      reopen();
      ledger.register(tag());
      for (int round = 0; round < 2; round++) {
        assertThat(reasonOf(() -> ledger.register(third()))).isEqualTo(Reason.BATCH_COUNT_REACHED);
        assertThat(reasonOf(() -> ledger.certified(third().device(), certificate(9, "9"))))
            .isEqualTo(Reason.BATCH_COUNT_REACHED);
        reopen();
      }
      ledger.closeBatch("two");
      ledger.register(third());
    }

    @Test
    void knowsWhatIsOfItAndWhatWasNeverConfirmed() throws Exception {
      ledger.certified(TAG, certificate(1, "1"));
      ledger.openBatch(batch("five", 5));
      ledger.certified(PUMP, certificate(2, "2"));
      ledger.certified(third().device(), certificate(3, "3"));
      ledger.register(pump().with(certificate(2, "2")));
      for (int round = 0; round < 2; round++) {
        BatchRecord record = ledger.batch("five").orElseThrow();
        assertThat(record.batch()).isEqualTo(batch("five", 5));
        assertThat(record.open()).isTrue();
        assertThat(record.issued()).containsExactly(PUMP);
        assertThat(record.unconfirmed()).containsExactly(third().device());
        assertThat(ledger.openBatch()).contains(batch("five", 5));
        reopen();
      }
      assertThat(ledger.batch("six")).isEmpty();
    }

    @Test
    void oneIsOpenAtATimeAndNoneTwice() throws Exception {
      ledger.openBatch(two);
      assertThat(reasonOf(() -> ledger.openBatch(batch("other", 1)))).isEqualTo(Reason.BATCH_OPEN);
      assertThat(reasonOf(() -> ledger.openBatch(two))).isEqualTo(Reason.BATCH_KNOWN);
      assertThat(reasonOf(() -> ledger.closeBatch("other"))).isEqualTo(Reason.BATCH_NOT_OPEN);
      ledger.closeBatch("two");
      reopen();
      assertThat(reasonOf(() -> ledger.openBatch(two))).isEqualTo(Reason.BATCH_KNOWN);
      assertThat(reasonOf(() -> ledger.closeBatch("two"))).isEqualTo(Reason.BATCH_NOT_OPEN);
      assertThat(ledger.batch("two").orElseThrow().open()).isFalse();
      assertThat(ledger.openBatch()).isEmpty();
    }

    @Test
    void isOverWhenItIsNotKnownHowManyWereIssued() throws Exception {
      ledger.openBatch(two);
      ledger.accept();
      assertThat(ledger.openBatch()).isEmpty();
      ledger.openBatch(batch("three", 3));
      ledger.restored();
      assertThat(ledger.openBatch()).isEmpty();
      reopen();
      assertThat(ledger.openBatch()).isEmpty();
    }

    private Registration third() {
      return new Registration(DeviceId.of("third"), Role.ASSET_TAG, SINCE);
    }

    private Batch batch(String id, int count) {
      return new Batch(
          id, Role.INFUSION_PUMP, count, "line-4", SINCE, SINCE.plusSeconds(1), "ab".repeat(32));
    }
  }

  /** What an auditor takes away. */
  @Nested
  class Exported {

    @Test
    void aLineForEachEntryWithItsPlaceInTheChain() throws Exception {
      ledger.certified(PUMP, certificate(1, "1f"));
      ledger.register(pump().with(certificate(1, "1f")));
      ledger.activate(PUMP);
      ledger.suspend(PUMP, Cause.MAINTENANCE);
      ledger.resume(PUMP);
      ledger.register(tag().with(preSharedKey(2, 3)).boundTo(key(4)));
      ledger.revoke(PUMP, Cause.STOLEN);
      ledger.retire(TAG, Cause.REPLACED);
      ledger.restored();
      String saved = ledger.connectionsSaved();
      assertThat(ledger.connectionsTaken()).contains(saved);

      StringBuilder out = new StringBuilder();
      StateReport report = LedgerRegistry.export(folder, keys, CLOCK, RANDOM, out);

      List<String> lines = out.toString().lines().toList();
      assertThat(lines).hasSize(12).allMatch(line -> line.startsWith("{\"sequence\":"));
      assertThat(lines.stream().map(line -> line.replaceAll(".*\"entry\":\"([a-z-]+)\".*", "$1")))
          .containsExactly(
              "genesis",
              "certified",
              "registered",
              "activated",
              "suspended",
              "resumed",
              "registered",
              "revoked",
              "retired",
              "restored",
              "connections-saved",
              "connections-taken");
      assertThat(lines.get(1))
          .startsWith("{\"sequence\":2,\"time\":\"2026-11-23T12:00:00Z\",\"hash\":\"")
          .endsWith(
              "\"entry\":\"certified\",\"device\":\"pump-1\",\"credential\":{\"kind\":\"certificate\","
                  + "\"issuer\":\"0123456789abcdef\",\"serial\":\"1f\",\"key\":\""
                  + key(1)
                  + "\"}}");
      assertThat(lines.get(4)).contains("\"device\":\"pump-1\",\"cause\":\"maintenance\"}");
      assertThat(lines.get(6))
          .contains("\"device\":\"acme/tag-1\",\"role\":\"asset-tag\"")
          .contains("{\"kind\":\"pre-shared-key\",\"secret-fingerprint\":\"" + key(3))
          .contains("{\"kind\":\"key\",\"key\":\"" + key(4) + "\"}");
      assertThat(report.standing()).isEqualTo(Standing.SOUND);
      assertThat(lines.get(10)).endsWith("\"connections\":\"" + saved + "\"}");
      assertThat(lines.get(11)).contains("\"hash\":\"" + report.headHash() + "\"");
    }

    @Test
    void verifyingChangesNothingAndDisturbsNobody() throws Exception {
      ledger.register(pump());
      Map<Path, byte[]> before = content();
      StateReport report = LedgerRegistry.verify(folder, keys, CLOCK, RANDOM);
      assertThat(report.standing()).isEqualTo(Standing.SOUND);
      assertThat(report.records()).isEqualTo(2);
      assertThat(content()).containsOnlyKeys(before.keySet());
      content().forEach((path, bytes) -> assertThat(bytes).isEqualTo(before.get(path)));
      ledger.revoke(PUMP, Cause.LOST);
    }

    @Test
    void whatCannotBeWrittenIsTold() {
      assertThatIOException()
          .isThrownBy(() -> LedgerRegistry.export(folder, keys, CLOCK, RANDOM, new Refusing()));
    }

    private Map<Path, byte[]> content() throws IOException {
      Map<Path, byte[]> content = new HashMap<>();
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.filter(Files::isRegularFile).toList()) {
          content.put(path, Files.readAllBytes(path));
        }
      }
      return content;
    }
  }

  private static final class Refusing implements Appendable {
    @Override
    public Appendable append(CharSequence text) throws IOException {
      throw new IOException("no space left");
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) throws IOException {
      throw new IOException("no space left");
    }

    @Override
    public Appendable append(char c) throws IOException {
      throw new IOException("no space left");
    }
  }

  /** A ledger that a later version wrote in. */
  @Nested
  class Newer {

    @Test
    void isRefusedUntouched() throws Exception {
      ledger.register(pump());
      ledger.close();
      LedgerPlace place = new LedgerPlace(folder, keys, CLOCK, RANDOM);
      try (Journal journal = Journal.open(place.journal(), record -> {})) {
        journal
            .append(Journal.FIRST_TYPE + 99, 0, new byte[] {(byte) 0xa0})
            .toCompletableFuture()
            .get();
      }
      List<Path> before = files();
      assertThat(reasonOf(() -> LedgerRegistry.open(folder, keys, CLOCK, RANDOM)))
          .isEqualTo(Reason.STATE_NEWER);
      assertThat(reasonOf(() -> LedgerRegistry.verify(folder, keys, CLOCK, RANDOM)))
          .isEqualTo(Reason.STATE_NEWER);
      assertThat(files()).isEqualTo(before);
    }

    private List<Path> files() throws IOException {
      try (Stream<Path> tree = Files.walk(folder)) {
        return new ArrayList<>(tree.sorted().toList());
      }
    }
  }

  /** A ledger that has grown to its limit. */
  @Nested
  class Full {

    @Test
    void issuesNothingMoreAndStillRevokes(@TempDir Path small) throws Exception {
      JournalLimits limits =
          new JournalLimits(4096, 32_768, JournalLimits.WhenFull.REFUSE_NEW, 16, 65_536);
      LedgerPlace place = new LedgerPlace(small, keys, limits, CLOCK, RANDOM);
      try (LedgerRegistry full = LedgerRegistry.create(place)) {
        int count = 0;
        while (full.closedForIssuing().isEmpty()) {
          full.register(new Registration(DeviceId.of("d" + count++), Role.ASSET_TAG, SINCE));
        }
        assertThat(full.closedForIssuing()).contains(Reason.STATE_FULL);
        assertThat(reasonOf(() -> full.register(pump()))).isEqualTo(Reason.STATE_FULL);
        assertThat(reasonOf(() -> full.certified(PUMP, certificate(1, "1"))))
            .isEqualTo(Reason.STATE_FULL);
        full.revoke(DeviceId.of("d0"), Cause.STOLEN);
        assertThat(full.find(DeviceId.of("d0")).orElseThrow().state())
            .isEqualTo(DeviceState.REVOKED);
      }
    }
  }
}
