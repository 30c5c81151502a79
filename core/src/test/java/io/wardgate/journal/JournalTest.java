// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import io.wardgate.fixtures.Provision;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.Loss;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged is there again, in order, or its loss is told. */
class JournalTest {

  private static final StateKeys KEYS = TestJournal.keys(1);

  @TempDir private Path folder;
  private JournalPlace place;

  @BeforeEach
  void choosePlace() {
    place = TestJournal.place(folder, KEYS);
  }

  @Test
  void givesBackWhatWasAppendedInOrder() throws Exception {
    try (TestJournal log = TestJournal.create(place)) {
      assertThat(log.append("a")).isEqualTo(1);
      assertThat(log.append("b")).isEqualTo(2);
      assertThat(log.append("")).isEqualTo(3);
    }
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.replayed()).containsExactly("a", "b", "");
      assertThat(log.journal().report().standing()).isEqualTo(Standing.SOUND);
      assertThat(log.journal().report().head()).isEqualTo(3);
      log.append("c");
    }
    List<String> all = new ArrayList<>();
    StateReport report = TestJournal.read(place, all);
    assertThat(all).containsExactly("a", "b", "", "c");
    assertThat(report.records()).isEqualTo(4);
    assertThat(report.acknowledged()).isEqualTo(report.head());
  }

  @Test
  void startsASegmentWithAKeyOfItsOwnAtEachOpening() throws Exception {
    String same = "the same words at the same place";
    for (int opening = 0; opening < 3; opening++) {
      try (TestJournal log = opening == 0 ? TestJournal.create(place) : TestJournal.open(place)) {
        log.append(same);
      }
    }
    assertThat(TestJournal.segments(place)).hasSize(3);
    List<byte[]> keys = new ArrayList<>();
    for (Path segment : TestJournal.segments(place)) {
      SegmentHeader header = SegmentHeader.parse(Files.readAllBytes(segment));
      keys.add(header.key(KEYS, JournalKind.OUTBOX).orElseThrow());
    }
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void writesNothingUntilSomethingIsAppended() throws Exception {
    TestJournal.create(place).close();
    TestJournal.open(place).close();
    assertThat(TestJournal.segments(place)).isEmpty();
  }

  @Test
  void writesManyAppendsInOneGroup() throws Exception {
    try (TestJournal log = TestJournal.create(place)) {
      var last = IntStream.range(0, 500).mapToObj(i -> log.offer("r" + i)).toList().get(499);
      assertThat(TestJournal.await(last)).isEqualTo(500);
      assertThat(log.journal().stats().appended()).isEqualTo(500);
      assertThat(log.journal().stats().commits()).isLessThan(500);
    }
  }

  @Test
  void goesOnInANewSegmentWhenOneIsFull() throws Exception {
    String kilobyte = "x".repeat(1024);
    try (TestJournal log = TestJournal.create(place)) {
      for (int i = 0; i < 200; i++) {
        log.append(kilobyte + i);
      }
    }
    assertThat(TestJournal.segments(place)).hasSizeBetween(3, 6);
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.replayed()).hasSize(200).last().isEqualTo(kilobyte + 199);
      assertThat(log.journal().report().standing()).isEqualTo(Standing.SOUND);
    }
  }

  @Test
  @Provision("5.4-1")
  void leavesNothingReadableOnDisk() throws Exception {
    try (TestJournal log = TestJournal.create(place)) {
      log.append("CANARY-4711");
    }
    for (Path file : allFiles()) {
      assertThat(new String(Files.readAllBytes(file), UTF_8)).doesNotContain("CANARY");
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    JournalPlace stranger = TestJournal.place(folder, TestJournal.keys(2));
    List<String> seen = new ArrayList<>();
    assertThat(TestJournal.read(stranger, seen).standing()).isNotEqualTo(Standing.SOUND);
    assertThat(seen).isEmpty();
  }

  @Test
  void passesOverADamagedRecordAndTellsWhichOneItWas() throws Exception {
    TestJournal.fill(place, "a", "b", "c");
    Path segment = TestJournal.segments(place).get(0);
    TestJournal.flip(
        segment, SegmentHeader.BYTES + RecordCipher.OVERHEAD_BYTES + 1 + RecordCipher.HEAD_BYTES);
    byte[] before = Files.readAllBytes(segment);
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.replayed()).containsExactly("a", "c");
      StateReport report = log.journal().report();
      assertThat(report.standing()).isEqualTo(Standing.DAMAGED);
      assertThat(report.losses())
          .singleElement()
          .satisfies(
              loss -> {
                assertThat(loss.cause()).isEqualTo(Loss.Cause.DAMAGED);
                assertThat(loss.first()).isEqualTo(2);
                assertThat(loss.last()).isEqualTo(2);
                assertThat(loss.segment()).isEqualTo(1);
              });
      log.append("d");
    }
    assertThat(segment).as("damage is left as it is").hasBinaryContent(before);
    assertThat(TestJournal.texts(place)).containsExactly("a", "c", "d");
  }

  @Test
  void noFlippedBitAnywhereIsTakenForWhatWasWritten() throws Exception {
    TestJournal.fill(place, "first", "second", "third");
    Path segment = TestJournal.segments(place).get(0);
    byte[] whole = Files.readAllBytes(segment);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << (at % 8));
      Files.write(segment, damaged);
      List<String> seen = new ArrayList<>();
      StateReport report = TestJournal.read(place, seen);
      assertThat(report.standing()).as("byte %d", at).isNotEqualTo(Standing.SOUND);
      assertThat(List.of("first", "second", "third")).as("byte %d", at).containsAll(seen);
    }
  }

  @Test
  void everyTruncationIsReportedAsRolledBack() throws Exception {
    TestJournal.fill(place, "first", "second", "third");
    Path segment = TestJournal.segments(place).get(0);
    byte[] whole = Files.readAllBytes(segment);
    for (int length = 0; length < whole.length; length++) {
      Files.write(segment, Arrays.copyOf(whole, length));
      List<String> seen = new ArrayList<>();
      StateReport report = TestJournal.read(place, seen);
      Standing expected =
          length > 0 && length < SegmentHeader.BYTES ? Standing.DAMAGED : Standing.ROLLED_BACK;
      assertThat(report.standing()).as("cut at %d", length).isEqualTo(expected);
      assertThat(seen).isEqualTo(List.of("first", "second", "third").subList(0, seen.size()));
    }
  }

  @Test
  void aJournalThatIsGoneIsNotANewOne() throws Exception {
    TestJournal.fill(place, "a");
    for (Path file : allFiles()) {
      Files.delete(file);
    }
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.journal().report().standing()).isEqualTo(Standing.ROLLED_BACK);
      log.append("b");
    }
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.replayed()).containsExactly("b");
      assertThat(log.journal().report().standing()).isEqualTo(Standing.ROLLED_BACK);
    }
  }

  @Test
  void aSegmentTakenOutOfTheMiddleIsMissed() throws Exception {
    TestJournal.fill(place, "a");
    TestJournal.fill(place, "b");
    TestJournal.fill(place, "c");
    Files.delete(TestJournal.segments(place).get(1));
    List<String> seen = new ArrayList<>();
    StateReport report = TestJournal.read(place, seen);
    assertThat(seen).containsExactly("a", "c");
    assertThat(report.losses()).extracting(Loss::cause).containsExactly(Loss.Cause.MISSING);
  }

  @Test
  void theFirstSegmentsDoNotGoUnnoticedEither() throws Exception {
    TestJournal.fill(place, "a");
    TestJournal.fill(place, "b");
    Files.delete(TestJournal.segments(place).get(0));
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.DAMAGED);
  }

  @Test
  void aSegmentOfAnotherJournalIsNotTaken() throws Exception {
    TestJournal.fill(place, "a");
    TestJournal.fill(place, "b");
    Path second = TestJournal.segments(place).get(1);
    Files.copy(TestJournal.segments(place).get(0), second, StandardCopyOption.REPLACE_EXISTING);
    List<String> seen = new ArrayList<>();
    assertThat(TestJournal.read(place, seen).standing()).isNotEqualTo(Standing.SOUND);
    assertThat(seen).containsExactly("a");
  }

  @Test
  void acceptedLossesAreNoLongerCountedButNewOnesAre() throws Exception {
    TestJournal.fill(place, "a", "b", "c");
    Path segment = TestJournal.segments(place).get(0);
    TestJournal.flip(
        segment, SegmentHeader.BYTES + RecordCipher.OVERHEAD_BYTES + 1 + RecordCipher.HEAD_BYTES);
    try (TestJournal log = TestJournal.open(place)) {
      StateReport left = TestJournal.await(log.journal().accept());
      assertThat(left.standing()).isEqualTo(Standing.SOUND);
      assertThat(left.accepted()).hasSize(1);
    }
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.journal().report().standing()).isEqualTo(Standing.SOUND);
      assertThat(log.journal().report().accepted()).hasSize(1);
    }
    TestJournal.flip(segment, SegmentHeader.BYTES + 4);
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.DAMAGED);
  }

  @Test
  void anOlderCopyPutBackIsRolledBackAndNumbersAreNotUsedAgain() throws Exception {
    TestJournal.fill(place, "a");
    byte[] old = Files.readAllBytes(TestJournal.segments(place).get(0));
    Path first = TestJournal.segments(place).get(0);
    TestJournal.fill(place, "b");
    TestJournal.fill(place, "c");
    for (Path segment : TestJournal.segments(place)) {
      Files.delete(segment);
    }
    Files.write(first, old);
    long acknowledged;
    try (TestJournal log = TestJournal.open(place)) {
      StateReport report = log.journal().report();
      assertThat(report.standing()).isEqualTo(Standing.ROLLED_BACK);
      acknowledged = report.acknowledged();
      assertThat(log.append("d")).isGreaterThan(acknowledged);
    }
    StateReport report = TestJournal.report(place);
    assertThat(report.standing()).as("also after more was written").isEqualTo(Standing.ROLLED_BACK);
    assertThat(report.losses()).singleElement().extracting(Loss::last).isEqualTo(acknowledged);
  }

  @Test
  void aCopyKnowsThatItIsOneUntilItIsAccepted() throws Exception {
    TestJournal.fill(place, "a");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createDirectory(elsewhere.resolve("log"));
    for (Path file : allFiles()) {
      Files.copy(file, elsewhere.resolve(folder.relativize(file).toString()));
    }
    JournalPlace copy = TestJournal.place(elsewhere, KEYS);
    try (TestJournal log = TestJournal.open(copy)) {
      assertThat(log.replayed()).containsExactly("a");
      assertThat(log.journal().report().standing()).isEqualTo(Standing.COPIED);
      log.append("b");
    }
    try (TestJournal log = TestJournal.open(copy)) {
      assertThat(log.journal().report().standing()).isEqualTo(Standing.COPIED);
      TestJournal.await(log.journal().accept());
    }
    try (TestJournal log = TestJournal.open(copy)) {
      assertThat(log.journal().report().standing()).isEqualTo(Standing.SOUND);
      assertThat(log.replayed()).containsExactly("a", "b");
    }
  }

  @Test
  void aJournalWithoutItsCounterMayHaveLostItsEnd() throws Exception {
    TestJournal.fill(place, "a");
    Files.delete(folder.resolve("log.head"));
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.replayed()).containsExactly("a");
      assertThat(log.journal().report().standing()).isEqualTo(Standing.ROLLED_BACK);
      log.append("b");
    }
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.journal().report().standing()).isEqualTo(Standing.ROLLED_BACK);
      assertThat(TestJournal.await(log.journal().accept()).standing()).isEqualTo(Standing.SOUND);
    }
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.SOUND);
  }

  @Test
  void refusesALaterFormatAndLeavesItUntouched() throws Exception {
    TestJournal.fill(place, "a");
    Path segment = TestJournal.segments(place).get(0);
    byte[] later = Files.readAllBytes(segment);
    later[9] = 2;
    later[20] ^= 1;
    Files.write(segment, later);
    assertThatThrownBy(() -> TestJournal.open(place))
        .satisfies(e -> assertThat(e).hasMessageStartingWith(Reason.STATE_NEWER.code()));
    assertThat(segment).hasBinaryContent(later);
  }

  @Test
  void refusesALaterCounterAndLeavesItUntouched() throws Exception {
    TestJournal.fill(place, "a");
    Path counter = folder.resolve("log.head");
    byte[] later = Files.readAllBytes(counter);
    later[9] = 2;
    later[20] ^= 1;
    Files.write(counter, later);
    assertThatThrownBy(() -> TestJournal.open(place))
        .satisfies(e -> assertThat(e).hasMessageStartingWith(Reason.STATE_NEWER.code()));
    assertThat(counter).hasBinaryContent(later);
  }

  @Test
  void tellsWhatWasPutBetweenTwoRecords() throws Exception {
    TestJournal.fill(place, "a", "b", "c");
    Path segment = TestJournal.segments(place).get(0);
    byte[] whole = Files.readAllBytes(segment);
    int second = SegmentHeader.BYTES + RecordCipher.OVERHEAD_BYTES + 1;
    byte[] first = Arrays.copyOfRange(whole, SegmentHeader.BYTES, second);
    for (byte[] alien : List.of(new byte[1], new byte[500], first)) {
      byte[] longer = Arrays.copyOf(whole, whole.length + alien.length);
      System.arraycopy(alien, 0, longer, second, alien.length);
      System.arraycopy(whole, second, longer, second + alien.length, whole.length - second);
      Files.write(segment, longer);
      assertThat(TestJournal.report(place).losses())
          .containsExactly(new Loss(Loss.Cause.DAMAGED, 2, 1, 1, second, alien.length));
      assertThat(TestJournal.texts(place)).containsExactly("a", "b", "c");
    }
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(TestJournal.await(log.journal().accept()).standing()).isEqualTo(Standing.SOUND);
    }
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.SOUND);
  }

  @Test
  void aFlippedVersionIsDamageAndNotTheFuture() throws Exception {
    TestJournal.fill(place, "a");
    TestJournal.flip(TestJournal.segments(place).get(0), 9);
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.DAMAGED);
  }

  @Test
  void refusesToGrowBeyondItsLimit() throws Exception {
    String chunk = "x".repeat(100_000);
    try (TestJournal log = TestJournal.create(place)) {
      for (int i = 0; i < 10; i++) {
        log.append(chunk);
      }
      assertThat(TestJournal.reasonOf(log.offer(chunk))).isEqualTo(Reason.STATE_FULL);
      assertThat(log.append("small")).as("what fits is still taken").isPositive();
    }
    assertThat(TestJournal.texts(place)).hasSize(11);
  }

  @Test
  void dropsTheOldestWholeSegmentsWhenToldSo() throws Exception {
    JournalPlace bounded =
        TestJournal.place(
            folder,
            KEYS,
            new JournalLimits(
                16 * 1024, 64 * 1024, JournalLimits.WhenFull.DROP_OLDEST, 1000, 1 << 20));
    try (TestJournal log = TestJournal.create(bounded)) {
      for (int i = 0; i < 300; i++) {
        log.append("r" + i + " " + "x".repeat(1000));
      }
      assertThat(log.journal().stats().bytes()).isLessThanOrEqualTo(64 * 1024 + 2048);
    }
    List<String> seen = new ArrayList<>();
    StateReport report = TestJournal.read(bounded, seen);
    assertThat(report.standing()).isEqualTo(Standing.SOUND);
    assertThat(seen).hasSizeBetween(30, 64).last().asString().startsWith("r299");
    Files.delete(TestJournal.segments(place).get(0));
    assertThat(TestJournal.report(bounded).standing())
        .as("one more than was removed on purpose")
        .isEqualTo(Standing.DAMAGED);
  }

  @Test
  void removesOnRequestOnlyWholeSegmentsAndDestroysTheirKeysFirst() throws Exception {
    TestJournal.fill(place, "a");
    Path held = folder.resolve("held");
    Files.createLink(held, TestJournal.segments(place).get(0));
    byte[] before = Files.readAllBytes(held);
    TestJournal.fill(place, "b");
    TestJournal.fill(place, "c");
    try (TestJournal log = TestJournal.open(place)) {
      TestJournal.await(log.journal().release(1));
      assertThat(log.append("d")).isPositive();
    }
    assertThat(TestJournal.texts(place)).containsExactly("b", "c", "d");
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.SOUND);
    byte[] after = Files.readAllBytes(held);
    assertThat(SegmentHeader.parse(before).key(KEYS, JournalKind.OUTBOX)).isPresent();
    assertThat(SegmentHeader.parse(after).key(KEYS, JournalKind.OUTBOX)).isEmpty();
  }

  @Test
  void appendsNothingAfterItIsClosed() throws Exception {
    TestJournal log = TestJournal.create(place);
    log.append("a");
    log.close();
    log.close();
    assertThat(TestJournal.reasonOf(log.offer("b"))).isEqualTo(Reason.CLOSED);
    assertThat(TestJournal.texts(place)).containsExactly("a");
  }

  @Test
  void writesWhatWaitsBeforeItCloses() throws Exception {
    TestJournal log = TestJournal.create(place);
    var stages = IntStream.range(0, 100).mapToObj(i -> log.offer("r" + i)).toList();
    log.close();
    for (var stage : stages) {
      assertThat(TestJournal.await(stage)).isPositive();
    }
    assertThat(TestJournal.texts(place)).hasSize(100);
  }

  private List<Path> allFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
