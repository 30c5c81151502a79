// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.MonotonicCounter;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** A journal of texts at some place, as the tests of this package use it. */
final class TestJournal implements AutoCloseable {

  static final int TYPE = 20;
  static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  static final JournalLimits LIMITS =
      new JournalLimits(64 * 1024, 1 << 20, JournalLimits.WhenFull.REFUSE_NEW, 10_000, 4L << 20);

  private final Journal journal;
  private final List<String> replayed;

  private TestJournal(Journal journal, List<String> replayed) {
    this.journal = journal;
    this.replayed = replayed;
  }

  static StateKeys keys(long seed) {
    return StateKeys.generate(InstantSource.fixed(NOW), random(seed));
  }

  static JournalPlace place(Path folder, StateKeys keys) {
    return place(folder, keys, LIMITS);
  }

  static JournalPlace place(Path folder, StateKeys keys, JournalLimits limits) {
    return place(folder, keys, limits, FileCounter.at(folder.resolve("log.head"), keys));
  }

  static JournalPlace place(
      Path folder, StateKeys keys, JournalLimits limits, MonotonicCounter counter) {
    return place(folder, keys, limits, counter, new SecureRandom());
  }

  /** A place whose journal is the same, to the byte, for the same seed and the same calls. */
  static JournalPlace place(Path folder, long seed, JournalLimits limits) {
    StateKeys keys = keys(seed);
    return place(
        folder, keys, limits, FileCounter.at(folder.resolve("log.head"), keys), random(~seed));
  }

  private static JournalPlace place(
      Path folder,
      StateKeys keys,
      JournalLimits limits,
      MonotonicCounter counter,
      SecureRandom random) {
    return new JournalPlace(
        folder.resolve("log"),
        JournalKind.OUTBOX,
        keys,
        counter,
        limits,
        InstantSource.fixed(NOW),
        random);
  }

  static TestJournal create(JournalPlace place) throws WardgateException {
    return new TestJournal(Journal.create(place), List.of());
  }

  static TestJournal open(JournalPlace place) throws WardgateException {
    List<String> replayed = new ArrayList<>();
    Journal journal = Journal.open(place, record -> replayed.add(text(record)));
    return new TestJournal(journal, replayed);
  }

  static StateReport read(JournalPlace place, List<String> into) throws WardgateException {
    return Journal.read(place, record -> into.add(text(record)));
  }

  /** Opens the journal at {@code place}, or makes it, appends and closes it. */
  static void fill(JournalPlace place, String... texts) throws WardgateException {
    boolean fresh = !Files.exists(place.directory());
    try (TestJournal log = fresh ? create(place) : open(place)) {
      for (String text : texts) {
        log.append(text);
      }
    }
  }

  /** What is in the journal at {@code place}. */
  static List<String> texts(JournalPlace place) throws WardgateException {
    List<String> seen = new ArrayList<>();
    read(place, seen);
    return seen;
  }

  /** What reading the journal at {@code place} whole finds. */
  static StateReport report(JournalPlace place) throws WardgateException {
    return read(place, new ArrayList<>());
  }

  /** The segment files of the journal at {@code place}, in order. */
  static List<Path> segments(JournalPlace place) throws IOException {
    try (Stream<Path> files = Files.list(place.directory())) {
      return files.sorted().toList();
    }
  }

  /** Flips one bit of one byte. */
  static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x40;
    Files.write(file, bytes);
  }

  static String text(JournalRecord record) {
    return new String(record.payload(), UTF_8);
  }

  Journal journal() {
    return journal;
  }

  /** What the journal gave out when it was opened. */
  List<String> replayed() {
    return replayed;
  }

  CompletionStage<Long> offer(String text) {
    return journal.append(TYPE, 0, text.getBytes(UTF_8));
  }

  /** Appends and waits until it is acknowledged. */
  long append(String text) throws WardgateException {
    return await(offer(text));
  }

  static <T> T await(CompletionStage<T> stage) throws WardgateException {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WardgateException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  static Reason reasonOf(CompletionStage<?> stage) {
    try {
      await(stage);
    } catch (WardgateException e) {
      return e.reason();
    }
    throw new AssertionError("it was not refused");
  }

  @Override
  public void close() {
    journal.close();
  }

  /** Random numbers that a seed repeats; never for keys outside tests. */
  static SecureRandom random(long seed) {
    Random source = new Random(seed);
    return new SecureRandom() {
      private static final long serialVersionUID = 1;

      @Override
      public void nextBytes(byte[] bytes) {
        source.nextBytes(bytes);
      }
    };
  }
}
