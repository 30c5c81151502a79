// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes groups of records: one write, one fsync, the counter, and only then the acknowledgements.
 *
 * <p>A group that fails is void as a whole. Its segment is left for good, because after a failed
 * fsync nobody knows what it holds; the next group begins a new one whose header says which
 * sequence numbers were never acknowledged. Used by the journal's thread; the numbers may be read
 * by others.
 */
final class JournalWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class.getPackageName());

  /** Above this a disk is too slow for a device that waits. */
  private static final long SLOW_MILLIS = 1000;

  /** No process leaves out that many numbers; a file beyond is not one of ours. */
  private static final long FAR = 1L << 40;

  private final JournalPlace place;
  private final SegmentFiles files;
  private final Deque<JournalScan.Segment> closed;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong head = new AtomicLong();
  private final LongAdder appended = new LongAdder();
  private final LongAdder commits = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicLong slowest = new AtomicLong();

  /** What a process before us wrote and did not acknowledge: ours to write again, first of all. */
  private final Deque<JournalRecord> tail;

  private @Nullable OpenSegment current;
  private long nextNumber;
  private long last;
  private byte[] lastHash;
  private long voidFrom;
  private long next;
  private long removedThrough;
  private boolean wasUnwell;

  /** The counter as we found it: perhaps read from memory, and not on disk. */
  private final long found;

  private boolean counted;

  JournalWriter(JournalPlace place, JournalScan.Result found) {
    this.place = place;
    this.files = new SegmentFiles(place.directory());
    this.closed = new ArrayDeque<>(found.segments());
    this.last = found.last();
    this.lastHash = found.lastHash();
    this.tail = new ArrayDeque<>(found.tail());
    this.next = found.next();
    this.voidFrom = found.voidFrom();
    this.removedThrough = found.removedThrough();
    this.found = found.report().acknowledged();
    this.nextNumber = 1;
    for (JournalScan.Segment segment : closed) {
      if (segment.number() - nextNumber < FAR) {
        nextNumber = segment.number() + 1;
      }
    }
    head.set(last);
    measure();
  }

  /** Writes a group and tells each of its records what came of it. */
  void commit(List<Appends.Append> offered) {
    List<Appends.Append> group = admit(offered);
    if (!group.isEmpty()) {
      commitAdmitted(group);
    }
  }

  private void commitAdmitted(List<Appends.Append> group) {
    long begun = place.clock().millis();
    try {
      if (!counted) {
        // What we go on from must not fall behind us when the power fails.
        place.head().raise(found);
        counted = true;
      }
      settle();
      long first = write(clamped(group), adopts(group));
      appended.add(group.size());
      commits.increment();
      for (int i = 0; i < group.size(); i++) {
        group.get(i).done().complete(first + i);
      }
      tellHealth(place.clock().millis() - begun, null);
    } catch (IOException | RuntimeException | Error e) {
      // Also errors: no memory for one group is no reason to leave anybody waiting for ever.
      failed.add(group.size());
      tellHealth(place.clock().millis() - begun, e);
      WardgateException failure =
          new WardgateException(Reason.STATE_UNAVAILABLE, place.kind() + " was not written", e);
      group.forEach(append -> append.done().completeExceptionally(failure));
    }
  }

  JournalStats stats(int queued) {
    return new JournalStats(
        head.get(),
        bytes.get(),
        place.limits().maxBytes(),
        queued,
        appended.sum(),
        commits.sum(),
        refused.sum(),
        failed.sum(),
        slowest.get());
  }

  void countRefused() {
    refused.increment();
  }

  @Override
  public void close() {
    leave();
  }

  /**
   * Refuses what does not fit any more. Records the journal writes about itself always fit: they
   * are what makes room.
   */
  private List<Appends.Append> admit(List<Appends.Append> offered) {
    if (place.limits().whenFull() != JournalLimits.WhenFull.REFUSE_NEW) {
      return offered;
    }
    List<Appends.Append> admitted = new ArrayList<>();
    long size = bytes.get();
    for (Appends.Append append : offered) {
      long with = size + append.payload().length + RecordCipher.OVERHEAD_BYTES;
      if (append.type() >= Journal.FIRST_TYPE && with > place.limits().maxBytes()) {
        refused.increment();
        append
            .done()
            .completeExceptionally(
                new WardgateException(Reason.STATE_FULL, place.kind() + " has reached its limit"));
      } else {
        admitted.add(append);
        size = with;
      }
    }
    return admitted;
  }

  /** An acceptance makes the counter, with the same write, the one that counts here. */
  private static boolean adopts(List<Appends.Append> group) {
    return group.stream().anyMatch(append -> append.type() == Notes.ACCEPTANCE);
  }

  /**
   * The group with each removal that was asked for cut down to the whole segments that can go: what
   * a removal note covers is never missed again.
   */
  private List<Appends.Append> clamped(List<Appends.Append> group) {
    return group.stream()
        .map(append -> append.type() == Notes.REMOVAL ? clamped(append) : append)
        .toList();
  }

  private Appends.Append clamped(Appends.Append removal) {
    long asked = Notes.removedThrough(removal.payload()).orElse(0L);
    long through = 0;
    for (JournalScan.Segment segment : closed) {
      if (segment.through() > asked) {
        break;
      }
      through = Math.max(through, segment.through());
    }
    return note(Notes.REMOVAL, Notes.removal(through));
  }

  /**
   * Writes again what was not acknowledged, under its own numbers. A failed fsync leaves pages that
   * read well and are nowhere: to force the old file would prove nothing.
   */
  private void settle() throws IOException {
    while (!tail.isEmpty()) {
      List<Appends.Append> run = new ArrayList<>();
      long first = tail.getFirst().sequence();
      for (JournalRecord record : tail) {
        if (record.sequence() != first + run.size()) {
          break;
        }
        run.add(
            new Appends.Append(
                record.type(),
                record.priority(),
                record.time().toEpochMilli(),
                record.payload(),
                new CompletableFuture<>()));
      }
      long after = next;
      leave();
      next = first;
      boolean settled = false;
      try {
        write(run, false);
        settled = true;
      } finally {
        // The same numbers again: they are the same records.
        next = Math.max(next, after);
      }
      if (settled) {
        for (int i = 0; i < run.size(); i++) {
          tail.removeFirst();
        }
        if (next > last + 1) {
          // Only a header can say that numbers are left out.
          leave();
        }
      }
    }
  }

  /** Tells the sequence number of the group's first record. */
  private long write(List<Appends.Append> group, boolean adopts) throws IOException {
    List<Appends.Append> all = new ArrayList<>();
    boolean begins = current == null;
    if (begins && last > 0) {
      all.add(note(Notes.CHECKPOINT, Notes.checkpoint(place.keys(), place.kind(), last, lastHash)));
    }
    long dropped = tail.isEmpty() ? dropsThrough(group) : 0;
    if (dropped > removedThrough) {
      all.add(note(Notes.REMOVAL, Notes.removal(dropped)));
    }
    int notes = all.size();
    all.addAll(tail.isEmpty() ? notes : 0, group);
    long first = next;
    // Given up, whatever comes of it: no sequence number is ever used for two records.
    next = first + all.size();
    boolean durable = false;
    boolean done = false;
    try {
      OpenSegment segment = begins ? begin(first) : segment();
      byte[] out = new byte[(int) sizeOf(all)];
      byte[] hash = seal(all, first, segment.cipher(), out);
      segment.write(ByteBuffer.wrap(out));
      segment.force();
      if (begins) {
        files.forceDirectory();
      }
      durable = true;
      if (adopts) {
        place.head().adopt(next - 1);
      } else {
        place.head().raise(next - 1);
      }
      last = next - 1;
      lastHash = hash;
      voidFrom = next;
      head.set(last);
      done = true;
    } finally {
      if (!done) {
        abandon(begins && !durable);
        measure();
      }
    }
    remove(all);
    if (segment().size() >= place.limits().segmentBytes()) {
      leave();
    }
    measure();
    return first + notes;
  }

  private byte[] seal(List<Appends.Append> all, long first, RecordCipher cipher, byte[] out) {
    byte[] hash = lastHash;
    long sequence = first;
    int at = 0;
    for (Appends.Append append : all) {
      RecordCipher.Head record =
          new RecordCipher.Head(
              append.payload().length,
              append.type(),
              append.priority(),
              sequence++,
              append.millis());
      hash = cipher.seal(record, hash, append.payload(), out, at);
      at += record.bytes();
    }
    return hash;
  }

  private OpenSegment begin(long first) throws IOException {
    files.createDirectory();
    byte[] key = new byte[SegmentHeader.KEY_BYTES];
    place.random().nextBytes(key);
    SegmentHeader header =
        SegmentHeader.wrapping(
            key,
            place.keys(),
            place.kind(),
            nextNumber++,
            last,
            voidFrom,
            first,
            lastHash,
            place.clock().millis());
    OpenSegment begun = OpenSegment.begin(files, header, key);
    current = begun;
    return begun;
  }

  private OpenSegment segment() {
    if (current == null) {
      throw new WardgateBug("no segment is open");
    }
    return current;
  }

  /** Ends the current segment; the next group begins another. */
  private void leave() {
    if (current != null) {
      closed.add(new JournalScan.Segment(current.number(), current.size(), last));
      shut(current);
      current = null;
    }
  }

  private void measure() {
    long sum = current == null ? 0 : current.size();
    for (JournalScan.Segment segment : closed) {
      sum += segment.bytes();
    }
    bytes.set(sum);
  }

  /** Leaves a segment that failed; {@code useless} if neither we nor the counter need it. */
  private void abandon(boolean useless) {
    OpenSegment segment = current;
    if (segment == null) {
      return;
    }
    if (!useless) {
      leave();
      return;
    }
    // A full disk must not fill with empty segments.
    current = null;
    shut(segment);
    try {
      files.discard(segment.number());
    } catch (IOException e) {
      // Goes with the oldest then: longer than what replaced it, it would count again.
      LOG.debug("an unused segment stays behind", e);
      closed.add(new JournalScan.Segment(segment.number(), segment.size(), last));
    }
  }

  private static void shut(OpenSegment segment) {
    try {
      segment.close();
    } catch (IOException e) {
      LOG.debug("a segment did not close", e);
    }
  }

  /** How far records must go so that the group fits, or 0 if it fits or none may go. */
  private long dropsThrough(List<Appends.Append> group) {
    if (place.limits().whenFull() != JournalLimits.WhenFull.DROP_OLDEST) {
      return 0;
    }
    long excess = bytes.get() + sizeOf(group) - place.limits().maxBytes();
    long through = 0;
    for (JournalScan.Segment segment : closed) {
      if (excess <= 0) {
        return through;
      }
      excess -= segment.bytes();
      through = segment.through();
    }
    return through;
  }

  /** Destroys what the group, now durable, says is removed, and what an earlier one left. */
  private void remove(List<Appends.Append> written) {
    for (Appends.Append append : written) {
      if (append.type() == Notes.REMOVAL) {
        removedThrough =
            Math.max(removedThrough, Notes.removedThrough(append.payload()).orElse(0L));
      }
    }
    try {
      boolean removed = false;
      while (!closed.isEmpty() && closed.getFirst().through() <= removedThrough) {
        files.erase(closed.getFirst().number());
        closed.removeFirst();
        removed = true;
      }
      if (removed) {
        files.forceDirectory();
      }
    } catch (IOException e) {
      // It is written down that they go: the next group tries again.
      LOG.warn("an old segment of {} could not be removed yet: {}", place.kind(), e.toString());
    }
  }

  private Appends.Append note(int type, byte[] payload) {
    return new Appends.Append(type, 0, place.clock().millis(), payload, new CompletableFuture<>());
  }

  private static long sizeOf(List<Appends.Append> records) {
    long size = 0;
    for (Appends.Append append : records) {
      size += append.payload().length + RecordCipher.OVERHEAD_BYTES;
    }
    return size;
  }

  /** One line when a disk becomes slow or fails, and one when it is well again. */
  private void tellHealth(long millis, @Nullable Throwable failure) {
    slowest.accumulateAndGet(millis, Math::max);
    boolean unwell = failure != null || millis > SLOW_MILLIS;
    if (unwell && !wasUnwell) {
      LOG.warn(
          "{} {} after {} ms",
          place.kind(),
          failure == null ? "was written slowly" : "was not written: " + failure,
          millis);
    } else if (!unwell && wasUnwell) {
      LOG.info("{} is written again", place.kind());
    }
    wasUnwell = unwell;
  }
}
