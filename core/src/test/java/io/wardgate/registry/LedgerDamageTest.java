// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static io.wardgate.Refusals.reasonOf;
import static io.wardgate.registry.DeviceRegistryContract.certificate;
import static io.wardgate.registry.DeviceRegistryContract.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.disk.SimulatedDisk;
import io.wardgate.journal.Journal;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A ledger that is not what was written issues nothing, and goes on serving and revoking. */
class LedgerDamageTest {

  private static final ObedientClock CLOCK = ObedientClock.at("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final StateKeys KEYS = StateKeys.generate(CLOCK, RANDOM);
  private static final DeviceId FIRST = DeviceId.of("d1");

  private SimulatedDisk disk = SimulatedDisk.withSeed(1);

  @Test
  @Provision("5.4-1")
  void aLedgerPutBackFromEarlierIssuesNothingUntilSomebodyAcceptsIt() throws Exception {
    makeWith(2);
    Map<String, byte[]> earlier = segments();
    try (LedgerRegistry ledger = open()) {
      ledger.register(device(3));
    }
    clear();
    for (Map.Entry<String, byte[]> segment : earlier.entrySet()) {
      Files.write(directory().resolve(segment.getKey()), segment.getValue());
    }
    assertIssuesNothingUntilAccepted(Reason.STATE_ROLLED_BACK);
  }

  @Test
  @Provision("5.4-1")
  void aDamagedEntryInTheMiddleIsReportedAndNothingIsIssued() throws Exception {
    makeWith(5);
    Path segment = onlySegment();
    disk.flipBit(segment, Files.size(segment) / 2, 3);
    try (LedgerRegistry ledger = open()) {
      assertThat(ledger.report().losses()).hasSize(1);
      assertThat(ledger.all()).hasSizeBetween(2, 4);
    }
    assertIssuesNothingUntilAccepted(Reason.STATE_DAMAGED);
  }

  @Test
  void allLossesAreAcceptedAlsoIfOneNoteDoesNotHoldThem() throws Exception {
    int devices = 2100;
    Files.createDirectory(folder());
    StringBuilder old = new StringBuilder("wardgate-devices 1\n");
    for (int i = 1; i <= devices; i++) {
      old.append("d").append(i).append("\tasset-tag\t").append(CLOCK.instant()).append('\n');
    }
    Files.writeString(
        folder().resolve(LedgerRegistry.OLD_FILE), old.append("end " + devices + "\n"));
    LedgerRegistry.create(folder(), KEYS, CLOCK, RANDOM).close();
    damageEverySecondRecord(onlySegment());

    try (LedgerRegistry ledger = open()) {
      assertThat(ledger.report().losses()).hasSizeGreaterThan(1000);
      ledger.accept();
      assertThat(ledger.report().standing()).isEqualTo(Standing.SOUND);
      assertThat(ledger.closedForIssuing()).isEmpty();
    }
    try (LedgerRegistry ledger = open()) {
      assertThat(ledger.report().losses()).isEmpty();
      assertThat(ledger.report().accepted()).hasSizeGreaterThan(1000);
    }
  }

  private static void damageEverySecondRecord(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int records = 0;
    for (int at = 0; at + 70 < bytes.length; at++) {
      boolean begins =
          bytes[at] == 'W' && bytes[at + 1] == 'R' && bytes[at + 2] == 'E' && bytes[at + 3] == 'C';
      if (begins && ++records % 2 == 0) {
        bytes[at + 65] ^= 1;
      }
    }
    Files.write(segment, bytes);
  }

  @Test
  void aCopyIssuesNothingUntilSomebodySaysThatItTakesOver() throws Exception {
    makeWith(2);
    disk = disk.copy(7);
    assertIssuesNothingUntilAccepted(Reason.STATE_COPIED);
  }

  @Test
  void aLostCounterIsNotTakenForANewOne() throws Exception {
    makeWith(2);
    Files.delete(folder().resolve("ledger.head"));
    assertIssuesNothingUntilAccepted(Reason.STATE_ROLLED_BACK);
  }

  @Test
  @Provision("5.4-1")
  void aLedgerThatIsGoneIsNotANewOne() throws Exception {
    for (boolean counterToo : new boolean[] {false, true}) {
      disk = SimulatedDisk.withSeed(1);
      makeWith(2);
      clear();
      Files.delete(directory());
      if (counterToo) {
        Files.delete(folder().resolve("ledger.head"));
      }
      try (LedgerRegistry ledger = open()) {
        assertThat(ledger.closedForIssuing()).contains(Reason.STATE_ROLLED_BACK);
        assertThat(ledger.ledgerId()).isEqualTo(LedgerRegistry.NO_ID);
        assertThat(reasonOf(() -> ledger.register(device(1)))).isEqualTo(Reason.STATE_ROLLED_BACK);
        ledger.accept();
        assertThat(ledger.ledgerId()).isNotEqualTo(LedgerRegistry.NO_ID);
        ledger.register(device(1));
      }
      assertSoundWith(1);
    }
  }

  @Test
  void aLedgerWithoutItsBeginningIsNotANewOne() throws Exception {
    Files.createDirectory(folder());
    Journal.create(place().journal()).close();
    assertThat(LedgerRegistry.verify(folder(), KEYS, CLOCK, RANDOM).standing())
        .isEqualTo(Standing.ROLLED_BACK);
    try (LedgerRegistry ledger = open()) {
      assertThat(reasonOf(() -> ledger.register(device(1)))).isEqualTo(Reason.STATE_ROLLED_BACK);
      ledger.accept();
      ledger.register(device(1));
    }
    assertSoundWith(1);
  }

  @Test
  @Provision("5.4-1")
  void noDamagedByteIsEverReadAsAnotherLedger() throws Exception {
    makeWith(3);
    try (LedgerRegistry ledger = open()) {
      ledger.revoke(FIRST, Cause.STOLEN);
    }
    SimulatedDisk whole = disk;
    String before = exported();
    for (String segment : segments().keySet()) {
      long size = Files.size(directory().resolve(segment));
      for (long at = 0; at < size; at += 7) {
        disk = whole.image(at);
        disk.flipBit(directory().resolve(segment), at, (int) (at % 8));
        assertSameOrUnsound(before, "byte " + at + " of " + segment);
      }
    }
  }

  @Test
  @Provision("5.4-1")
  void noCutLedgerIsEverReadAsAShorterOne() throws Exception {
    makeWith(3);
    SimulatedDisk whole = disk;
    String before = exported();
    String segment = segments().keySet().iterator().next();
    long size = Files.size(directory().resolve(segment));
    for (long length = 0; length < size; length += 3) {
      disk = whole.image(length);
      disk.cutTail(directory().resolve(segment), length);
      assertSameOrUnsound(before, "cut after " + length);
    }
  }

  @Test
  void keysOfAnotherVaultOpenNothing() throws Exception {
    makeWith(2);
    StateKeys others = StateKeys.generate(CLOCK, RANDOM);
    try (LedgerRegistry ledger = LedgerRegistry.open(folder(), others, CLOCK, RANDOM)) {
      assertThat(ledger.all()).isEmpty();
      assertThat(ledger.closedForIssuing()).isPresent();
    }
  }

  private void assertIssuesNothingUntilAccepted(Reason reason) throws Exception {
    int known;
    try (LedgerRegistry ledger = open()) {
      known = ledger.all().size();
      assertThat(ledger.closedForIssuing()).contains(reason);
      assertThat(reasonOf(() -> ledger.register(device(9)))).isEqualTo(reason);
      assertThat(reasonOf(() -> ledger.certified(DeviceId.of("d9"), certificate(9, "9"))))
          .isEqualTo(reason);

      assertThat(ledger.find(FIRST)).isPresent();
      ledger.activate(FIRST);
      ledger.suspend(FIRST, Cause.LOST);
      ledger.resume(FIRST);
      ledger.revoke(FIRST, Cause.LOST);
    }
    try (LedgerRegistry ledger = open()) {
      assertThat(ledger.find(FIRST).orElseThrow().state()).isEqualTo(DeviceState.REVOKED);
      assertThat(reasonOf(() -> ledger.register(device(9)))).isEqualTo(reason);
      ledger.accept();
      assertThat(ledger.closedForIssuing()).isEmpty();
      ledger.certified(DeviceId.of("d9"), certificate(9, "9"));
      ledger.register(device(9));
    }
    assertSoundWith(known + 1);
  }

  private void assertSoundWith(int devices) throws WardgateException {
    try (LedgerRegistry ledger = open()) {
      assertThat(ledger.report().standing()).isEqualTo(Standing.SOUND);
      assertThat(ledger.all()).hasSize(devices);
    }
    assertThat(LedgerRegistry.verify(folder(), KEYS, CLOCK, RANDOM).standing())
        .isEqualTo(Standing.SOUND);
  }

  private void assertSameOrUnsound(String before, String what)
      throws IOException, WardgateException {
    StringBuilder now = new StringBuilder();
    try {
      StateReport report = LedgerRegistry.export(folder(), KEYS, CLOCK, RANDOM, now);
      if (report.standing() == Standing.SOUND) {
        assertThat(now).as(what).hasToString(before);
      }
    } catch (WardgateException e) {
      // A byte of the format's version: what is newer is left alone.
      assertThat(e.reason()).as(what).isEqualTo(Reason.STATE_NEWER);
    }
  }

  private void makeWith(int devices) throws IOException, WardgateException {
    Files.createDirectory(folder());
    try (LedgerRegistry ledger = LedgerRegistry.create(folder(), KEYS, CLOCK, RANDOM)) {
      for (int i = 1; i <= devices; i++) {
        ledger.register(device(i));
      }
    }
  }

  private static Registration device(int number) {
    return new Registration(DeviceId.of("d" + number), Role.ASSET_TAG, CLOCK.instant())
        .boundTo(key(number));
  }

  private String exported() throws IOException, WardgateException {
    StringBuilder lines = new StringBuilder();
    assertThat(LedgerRegistry.export(folder(), KEYS, CLOCK, RANDOM, lines).standing())
        .isEqualTo(Standing.SOUND);
    return lines.toString();
  }

  private LedgerRegistry open() throws WardgateException {
    return LedgerRegistry.open(place());
  }

  private LedgerPlace place() {
    return new LedgerPlace(folder(), KEYS, CLOCK, RANDOM);
  }

  private Path folder() {
    return disk.root().resolve("state");
  }

  private Path directory() {
    return folder().resolve("ledger");
  }

  private Path onlySegment() throws IOException {
    Map<String, byte[]> segments = segments();
    assertThat(segments).hasSize(1);
    return directory().resolve(segments.keySet().iterator().next());
  }

  private Map<String, byte[]> segments() throws IOException {
    Map<String, byte[]> segments = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory())) {
      for (Path file : files.toList()) {
        segments.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return segments;
  }

  private void clear() throws IOException {
    for (String name : segments().keySet()) {
      Files.delete(directory().resolve(name));
    }
  }
}
