// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.disk.Fault;
import io.wardgate.fixtures.disk.Operation;
import io.wardgate.fixtures.disk.SimulatedDisk;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.MonotonicCounter;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.Loss;
import io.wardgate.state.Standing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a hostile disk, a hostile neighbour or bad luck puts in a journal's way. */
class JournalHostileTest {

  private static final StateKeys KEYS = TestJournal.keys(11);

  @TempDir private Path folder;
  private JournalPlace place;

  @BeforeEach
  void choosePlace() {
    place = TestJournal.place(folder, KEYS);
  }

  @Test
  void anAcceptanceAmongOthersDoesNotLowerTheCounter() throws Exception {
    Broken counter = new Broken(place.head());
    JournalPlace slow = TestJournal.place(folder, KEYS, TestJournal.LIMITS, counter);
    try (TestJournal log = TestJournal.create(slow)) {
      counter.gate = new CountDownLatch(1);
      log.offer("a");
      List<OptionalLong> seen = new ArrayList<>();
      var accepted = log.journal().accept();
      var last = log.offer("b").thenApply(sequence -> seen.add(counter()));
      counter.gate.countDown();
      TestJournal.await(accepted);
      TestJournal.await(last);
      assertThat(seen).as("not below what is acknowledged").containsExactly(OptionalLong.of(3));
    }
  }

  @Test
  void aSegmentWhoseHeaderIsDamagedIsLeftWhereItIs() throws Exception {
    TestJournal.fill(place, "a");
    TestJournal.fill(place, "b");
    Path first = TestJournal.segments(place).get(0);
    TestJournal.flip(first, 30);
    byte[] damaged = Files.readAllBytes(first);
    TestJournal.fill(place, "c");
    assertThat(first).as("nobody said that it may go").hasBinaryContent(damaged);
    try (TestJournal log = TestJournal.open(place)) {
      TestJournal.await(log.journal().release(1));
    }
    assertThat(first).as("now somebody did").doesNotExist();
  }

  @Test
  void whatIsReleasedButNotRemovedIsStillMissedWhenItIsGone() throws Exception {
    TestJournal.fill(place, "a", "b");
    try (TestJournal log = TestJournal.open(place)) {
      TestJournal.await(log.journal().release(1));
      TestJournal.await(log.journal().release(Long.MAX_VALUE - 1));
      log.append("c");
    }
    TestJournal.fill(place, "d");
    TestJournal.fill(place, "e");
    assertThat(TestJournal.texts(place))
        .as("nothing written later goes")
        .containsSubsequence("c", "d", "e");
    List<Path> left = TestJournal.segments(place);
    TestJournal.flip(left.get(0), SegmentHeader.BYTES + RecordCipher.HEAD_BYTES);
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.DAMAGED);
  }

  @Test
  void aNumberThatStandsInWhatNoLongerCountsIsNotGivenAgain() throws Exception {
    try (TestJournal log = TestJournal.create(place)) {
      log.append("a");
      byte[] counter = Files.readAllBytes(folder.resolve("log.head"));
      log.append("b");
      log.append("c");
      // In place: another inode would make it a copy. Now b and c were never acknowledged.
      Files.write(folder.resolve("log.head"), counter);
    }
    Path first = TestJournal.segments(place).get(0);
    TestJournal.flip(first, SegmentHeader.BYTES + RecordCipher.OVERHEAD_BYTES + 1 + 70);
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.replayed()).as("c followed something that is lost").containsExactly("a");
      assertThat(log.append("d")).as("c stands there as 3").isGreaterThan(3);
    }
  }

  @Test
  void numbersLeftOutBehindWhatIsWrittenAgainAreNotMissed() throws Exception {
    try (TestJournal log = TestJournal.create(place)) {
      log.append("a");
      byte[] counter = Files.readAllBytes(folder.resolve("log.head"));
      log.append("b");
      log.append("c");
      log.append("d");
      Files.write(folder.resolve("log.head"), counter);
    }
    int third = SegmentHeader.BYTES + 2 * (RecordCipher.OVERHEAD_BYTES + 1);
    TestJournal.flip(TestJournal.segments(place).get(0), third + 70);
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.replayed()).containsExactly("a", "b");
      assertThat(log.append("e")).isGreaterThan(4);
      log.append("f");
    }
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.SOUND);
    assertThat(TestJournal.texts(place)).containsExactly("a", "b", "e", "f");
  }

  @Test
  void filesWithNumbersNoJournalReachesChangeNothing() throws Exception {
    TestJournal.fill(place, "a");
    for (String name :
        List.of("99999999999999999999", "09223372036854775807", "00999999999999999999")) {
      Files.write(folder.resolve("log").resolve(name + ".wgj"), new byte[] {1, 2, 3});
    }
    TestJournal.fill(place, "b");
    TestJournal.fill(place, "c");
    assertThat(TestJournal.texts(place)).containsExactly("a", "b", "c");
  }

  @Test
  @Timeout(20)
  void whatIsNoFileIsDamage() throws Exception {
    TestJournal.fill(place, "a");
    TestJournal.fill(place, "b");
    Path first = TestJournal.segments(place).get(0);
    Path target = Files.write(folder.resolve("target"), new byte[400]);
    Files.delete(first);
    Files.createSymbolicLink(first, target);
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.DAMAGED);
    Files.delete(first);
    assertThat(new ProcessBuilder("mkfifo", first.toString()).start().waitFor()).isZero();
    assertThat(TestJournal.report(place).standing()).isNotEqualTo(Standing.SOUND);
    try (TestJournal log = TestJournal.open(place)) {
      TestJournal.await(log.journal().release(1));
    }
    assertThat(first).doesNotExist();
    assertThat(target).hasBinaryContent(new byte[400]);
  }

  @Test
  void anErrorFailsTheGroupAndTheJournalGoesOn() throws Exception {
    Broken counter = new Broken(place.head());
    JournalPlace broken = TestJournal.place(folder, KEYS, TestJournal.LIMITS, counter);
    try (TestJournal log = TestJournal.create(broken)) {
      log.append("a");
      counter.error = new OutOfMemoryError("told so");
      CompletableFuture<Long> stage = log.offer("b").toCompletableFuture();
      assertThatThrownBy(() -> stage.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(WardgateException.class);
      counter.error = null;
      log.append("c");
    }
    assertThat(TestJournal.texts(place)).containsExactly("a", "c");
  }

  @Test
  void anInterruptLeftByADependentHarmsNothing() throws Exception {
    try (TestJournal log = TestJournal.create(place)) {
      for (int i = 0; i < 20; i++) {
        CompletableFuture<Void> done =
            log.offer("r" + i)
                .thenAccept(sequence -> Thread.currentThread().interrupt())
                .toCompletableFuture();
        done.get(20, TimeUnit.SECONDS);
        Thread.interrupted();
      }
      assertThat(log.append("last")).isEqualTo(21);
    }
  }

  @Test
  void aReleaseIsTakenWhenTheJournalIsFullAlsoAmongRecordsThatAreNot() throws Exception {
    String chunk = "x".repeat(100_000);
    try (TestJournal log = TestJournal.create(place)) {
      for (int i = 0; i < 10; i++) {
        log.append(chunk);
      }
    }
    JournalWriter writer = new JournalWriter(place, JournalScan.of(place, record -> {}));
    Appends.Append large = append(TestJournal.TYPE, chunk.getBytes(UTF_8));
    Appends.Append small = append(TestJournal.TYPE, "small".getBytes(UTF_8));
    Appends.Append release = append(Notes.REMOVAL, Notes.removal(3));
    writer.commit(List.of(large, small, release));
    writer.close();
    assertThat(TestJournal.reasonOf(large.done())).isEqualTo(Reason.STATE_FULL);
    assertThat(TestJournal.await(small.done())).isPositive();
    assertThat(TestJournal.await(release.done())).isPositive();
    assertThat(TestJournal.texts(place)).as("two of ten are gone, one is new").hasSize(9);
  }

  @Test
  void aFullDiskDoesNotFillWithEmptySegments() throws Exception {
    SimulatedDisk disk = SimulatedDisk.withSeed(1);
    JournalPlace there = TestJournal.place(disk.root(), KEYS);
    try (TestJournal log = TestJournal.create(there)) {
      disk.onOperation(
          operation -> {
            if (operation.kind() == Operation.Kind.CREATE
                && operation.toString().endsWith(".wgj")) {
              disk.failAt(1, Fault.NO_SPACE);
            }
          });
      for (int i = 0; i < 20; i++) {
        assertThat(TestJournal.reasonOf(log.offer("a"))).isEqualTo(Reason.STATE_UNAVAILABLE);
      }
    }
    try (Stream<Path> files = Files.list(disk.root().resolve("log"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void whatFailedStaysOutAlsoIfItsFileOutlivesWhatReplacedIt() throws Exception {
    SimulatedDisk disk = SimulatedDisk.withSeed(1);
    JournalLimits small =
        new JournalLimits(1024, 1 << 20, JournalLimits.WhenFull.REFUSE_NEW, 100, 1 << 20);
    JournalPlace there = TestJournal.place(disk.root(), 1, small);
    String large = "x".repeat(1024);
    try (TestJournal log = TestJournal.create(there)) {
      log.append("a" + large);
      disk.onOperation(
          operation -> {
            if (operation.kind() == Operation.Kind.FORCE
                && operation.toString().endsWith("2.wgj")) {
              disk.failFrom(1, Fault.IO_ERROR);
            }
          });
      assertThat(TestJournal.reasonOf(log.offer("b"))).isEqualTo(Reason.STATE_UNAVAILABLE);
      disk.onOperation(operation -> {});
      disk.heal();
      long replaced = log.append("c" + large);
      log.append("d");
      TestJournal.await(log.journal().release(replaced));
      log.append("e");
    }
    assertThat(TestJournal.texts(there)).containsExactly("d", "e");
  }

  @Test
  void damageIsToldAlsoWithoutACounterAndNoNumberIsGivenTwice() throws Exception {
    TestJournal.fill(place, "a", "b", "c");
    TestJournal.flip(
        TestJournal.segments(place).get(0),
        SegmentHeader.BYTES + RecordCipher.OVERHEAD_BYTES + 1 + 70);
    Files.delete(folder.resolve("log.head"));
    assertThat(TestJournal.report(place).losses())
        .extracting(Loss::cause)
        .contains(Loss.Cause.DAMAGED);
    assertThat(TestJournal.report(place).standing()).isEqualTo(Standing.ROLLED_BACK);
    assertThat(TestJournal.texts(place)).containsExactly("a", "c");
    try (TestJournal log = TestJournal.open(place)) {
      assertThat(log.append("d")).isGreaterThan(3);
    }
  }

  @Test
  void aSegmentCanBeReadWhole() {
    assertThatThrownBy(
            () ->
                new JournalLimits(
                    100L << 20, 1L << 30, JournalLimits.WhenFull.REFUSE_NEW, 10, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private OptionalLong counter() {
    try {
      return FileCounter.at(folder.resolve("log.head"), KEYS).value();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Appends.Append append(int type, byte[] payload) {
    return new Appends.Append(type, 0, 0, payload, new CompletableFuture<>());
  }

  /** A counter that waits or fails when told so. */
  private static final class Broken implements MonotonicCounter {
    private final MonotonicCounter real;
    private volatile @Nullable Error error;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    Broken(MonotonicCounter real) {
      this.real = real;
    }

    @Override
    public OptionalLong value() throws IOException {
      return real.value();
    }

    @Override
    public void raise(long value) throws IOException {
      Error told = error;
      if (told != null) {
        throw told;
      }
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      real.raise(value);
    }

    @Override
    public boolean isCopy() throws IOException {
      return real.isCopy();
    }

    @Override
    public void adopt(long value) throws IOException {
      real.adopt(value);
    }
  }
}
