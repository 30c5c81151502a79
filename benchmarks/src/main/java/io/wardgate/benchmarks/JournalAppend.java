// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.WardgateException;
import io.wardgate.journal.Journal;
import io.wardgate.journal.JournalKind;
import io.wardgate.journal.JournalLimits;
import io.wardgate.journal.JournalPlace;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.StateKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;

/** How many acknowledged records a second a journal takes, beside what the disk alone allows. */
final class JournalAppend {

  private static final PrintStream OUT = System.out;
  private static final int ALONE = 1000;
  private static final int TOGETHER = 50_000;
  private static final int WINDOW = 256;
  private static final byte[] PAYLOAD = new byte[200];

  private JournalAppend() {}

  static void measure(Path folder) throws IOException, WardgateException {
    OUT.printf("disk: %d writes of 280 bytes with an fsync each a second%n", bare(folder));
    SecureRandom random = new SecureRandom();
    StateKeys keys = StateKeys.generate(InstantSource.system(), random);
    JournalPlace place =
        new JournalPlace(
            folder.resolve("log"),
            JournalKind.OUTBOX,
            keys,
            FileCounter.at(folder.resolve("log.head"), keys),
            new JournalLimits(4 << 20, 1 << 30, JournalLimits.WhenFull.REFUSE_NEW, 4096, 16 << 20),
            InstantSource.system(),
            random);
    try (Journal journal = Journal.create(place)) {
      long begun = System.nanoTime();
      for (int i = 0; i < ALONE; i++) {
        append(journal).toCompletableFuture().join();
      }
      OUT.printf("journal: %d records a second, one at a time%n", rate(ALONE, begun));
      Deque<CompletionStage<Long>> underWay = new ArrayDeque<>();
      begun = System.nanoTime();
      for (int i = 0; i < TOGETHER; i++) {
        underWay.add(append(journal));
        if (underWay.size() == WINDOW) {
          underWay.remove().toCompletableFuture().join();
        }
      }
      for (CompletionStage<Long> last : underWay) {
        last.toCompletableFuture().join();
      }
      OUT.printf(
          "journal: %d records a second, %d at a time, in %d groups%n",
          rate(TOGETHER, begun), WINDOW, journal.stats().commits() - ALONE);
    }
  }

  private static CompletionStage<Long> append(Journal journal) {
    return journal.append(Journal.FIRST_TYPE, 0, PAYLOAD);
  }

  private static long bare(Path folder) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("bare"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long begun = System.nanoTime();
      for (int i = 0; i < ALONE; i++) {
        channel.write(ByteBuffer.allocate(280));
        channel.force(false);
      }
      return rate(ALONE, begun);
    }
  }

  private static long rate(int count, long begun) {
    return count * 1_000_000_000L / Math.max(1, System.nanoTime() - begun);
  }
}
