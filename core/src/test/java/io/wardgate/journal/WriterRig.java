// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.WardgateException;
import io.wardgate.state.Loss;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A journal's writer on one thread, so that a seed gives the same operations every time, and a
 * memory of what it was given and what it promised.
 */
final class WriterRig {

  private final JournalPlace place;

  /** Every text ever given, with its place among them; none is given twice. */
  private final Map<String, Integer> given = new HashMap<>();

  /** What was promised, by its sequence number. */
  private final Map<Long, String> promised = new LinkedHashMap<>();

  /** What failed and was followed by a promise of the same process: it must not come back. */
  private final Set<String> denied = new HashSet<>();

  private final List<String> failed = new ArrayList<>();
  private long released;
  private JournalWriter writer;

  private WriterRig(JournalPlace place) {
    this.place = place;
  }

  static WriterRig on(JournalPlace place) {
    return new WriterRig(place);
  }

  /** Opens; what comes back is checked against what was promised. */
  StateReport open(boolean maybeHarmed) throws WardgateException {
    List<JournalRecord> records = new ArrayList<>();
    JournalScan.Result found = JournalScan.of(place, records::add);
    check(records, found.report(), maybeHarmed);
    writer = new JournalWriter(place, found);
    failed.clear();
    return found.report();
  }

  /** Writes one group of texts not given before. */
  void commit(int records, int bytes) {
    List<Appends.Append> group = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      String text = given.size() + ":" + "x".repeat(bytes);
      given.put(text, given.size());
      texts.add(text);
      group.add(append(TestJournal.TYPE, text.getBytes(UTF_8)));
    }
    writer.commit(group);
    boolean kept = false;
    for (int i = 0; i < records; i++) {
      CompletableFuture<Long> done = group.get(i).done();
      assertThat(done).as("every record is told what came of it").isDone();
      if (done.isCompletedExceptionally()) {
        failed.add(texts.get(i));
      } else {
        promised.put(done.join(), texts.get(i));
        kept = true;
      }
    }
    if (kept) {
      denied.addAll(failed);
      failed.clear();
    }
  }

  /** Removes what is old; a failure leaves it for the next opening. */
  void release(long through) {
    writer.commit(List.of(append(Notes.REMOVAL, Notes.removal(through))));
    // Also if it failed: it may have been written down.
    released = Math.max(released, through);
  }

  long promisedHead() {
    return promised.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  int promises() {
    return promised.size();
  }

  void close() {
    writer.close();
  }

  private static Appends.Append append(int type, byte[] payload) {
    return new Appends.Append(
        type, 0, TestJournal.NOW.toEpochMilli(), payload, new CompletableFuture<>());
  }

  private void check(List<JournalRecord> records, StateReport report, boolean maybeHarmed) {
    long sequence = 0;
    int order = -1;
    for (JournalRecord record : records) {
      String text = TestJournal.text(record);
      assertThat(given.containsKey(text)).as("nothing comes back that was never given").isTrue();
      assertThat(given.get(text)).as("order holds").isGreaterThan(order);
      assertThat(record.sequence()).as("numbers rise").isGreaterThan(sequence);
      if (!maybeHarmed) {
        // A harmed disk may have lost what said that these are void.
        assertThat(denied.contains(text)).as("what was refused stays out").isFalse();
      }
      String promise = promised.get(record.sequence());
      assertThat(promise == null || promise.equals(text)).as("one number, one record").isTrue();
      order = given.get(text);
      sequence = record.sequence();
    }
    Map<Long, JournalRecord> back = new HashMap<>();
    records.forEach(record -> back.put(record.sequence(), record));
    List<Loss> told = new ArrayList<>(report.losses());
    told.addAll(report.accepted());
    promised.forEach(
        (number, text) ->
            assertThat(
                    back.containsKey(number)
                        || number <= released
                        || told.stream().anyMatch(l -> l.first() <= number && number <= l.last()))
                .as("record %d was promised: it is there or its loss is told", number)
                .isTrue());
    if (!maybeHarmed) {
      assertThat(report.losses()).as("nobody harmed it").isEmpty();
      assertThat(report.standing()).isEqualTo(Standing.SOUND);
    }
  }
}
