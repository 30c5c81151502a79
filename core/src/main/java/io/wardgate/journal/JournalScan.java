// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.NewerFormatException;
import io.wardgate.state.Loss;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a whole journal: every record in order, what is lost, and where the next record
 * goes. Reads only; another process may append meanwhile. Used once.
 */
final class JournalScan {

  /** Two groups: what may be on its way when the power fails, and one more if a slot is torn. */
  private static final long MAX_TAIL_BYTES = 2L * Appends.MAX_GROUP_BYTES;

  /** For a segment whose header does not hold, until the next one tells. */
  private static final long UNKNOWN = -1;

  private final JournalPlace place;
  private final SegmentFiles files;
  private final Consumer<JournalRecord> user;

  private final List<Loss> losses = new ArrayList<>();
  private final List<Notes.Range> accepted = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private long records;
  private long bytes;
  private long removedThrough;
  private long carriedOver;
  private @Nullable SegmentHeader current;

  /** The number of the segment looked at last. */
  private long seen;

  private long next = 1;

  /** The highest number that stands anywhere, whether it counts or not. */
  private long highest;

  private long last;
  private byte[] lastHash = new byte[SegmentHeader.HASH_BYTES];
  private final List<JournalRecord> tail = new ArrayList<>();
  private long tailBytes;
  private long acknowledged;
  private long lastAcknowledged;
  private byte[] acknowledgedHash = lastHash;

  private JournalScan(JournalPlace place, Consumer<JournalRecord> user) {
    this.place = place;
    this.files = new SegmentFiles(place.directory());
    this.user = user;
  }

  /**
   * What a scan came to.
   *
   * @param report for people
   * @param last the sequence number of the last acknowledged record, 0 if there is none
   * @param lastHash its hash
   * @param tail the records after it: written, handed out, and not acknowledged. They are written
   *     again before anything else is, because nobody knows whether the disk has them
   * @param voidFrom from here to before the next record nothing was acknowledged
   * @param next the lowest sequence number that was never given out, as far as can be told
   * @param removedThrough how far records were removed on purpose
   * @param segments what is there, ascending
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Result(
      StateReport report,
      long last,
      byte[] lastHash,
      List<JournalRecord> tail,
      long voidFrom,
      long next,
      long removedThrough,
      List<Segment> segments) {}

  /**
   * A segment file.
   *
   * @param number its number
   * @param bytes its size
   * @param through the highest sequence number in it, or that should be
   */
  record Segment(long number, long bytes, long through) {}

  /**
   * Scans.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} if a segment or the counter is of a later
   *     format, {@link Reason#STATE_UNAVAILABLE} if it cannot be read; damage is never thrown but
   *     told
   */
  static Result of(JournalPlace place, Consumer<JournalRecord> user) throws WardgateException {
    try {
      // Before the segments: what is appended meanwhile may be there, and need not.
      OptionalLong counter = place.head().value();
      boolean copied = counter.isEmpty() || place.head().isCopy();
      return new JournalScan(place, user).run(counter, copied);
    } catch (NewerFormatException e) {
      throw new WardgateException(Reason.STATE_NEWER, place.kind() + " has a later counter", e);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, place.kind() + " cannot be read", e);
    }
  }

  /** A file, and its header and key if they hold; {@code limit} is where a later one goes on. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Found(
      long number, long bytes, @Nullable SegmentHeader header, byte @Nullable [] key, long limit) {}

  private Result run(OptionalLong counter, boolean copied) throws IOException, WardgateException {
    List<Found> found = find();
    // A journal that should be there and left no trace at all once held at least one record.
    acknowledged = counter.orElse(found.isEmpty() ? 1 : Long.MAX_VALUE);
    Found damaged = null;
    SegmentScan.End end = new SegmentScan.End(1, 0, Loss.Cause.CUT, 0, 0);
    long before = 0;
    for (Found segment : found) {
      if (segment.header() == null || segment.key() == null) {
        damaged = segment;
        seen = segment.number();
        segments.add(new Segment(segment.number(), segment.bytes(), UNKNOWN));
        continue;
      }
      if (segment.header().first() > segment.limit()) {
        // Replaced as a whole by a later segment, whose header also says what was lost before it.
        seen = segment.number();
        bytes += segment.bytes();
        segments.add(new Segment(segment.number(), segment.bytes(), next - 1));
        continue;
      }
      resolve(segment.header().voidFrom() - 1);
      boundary(segment, end, damaged, before);
      boolean open = segment.limit() == Long.MAX_VALUE;
      // Without a counter nobody knows: then every gap is a loss.
      long committed = open ? counter.orElse(Long.MAX_VALUE) : segment.limit();
      byte[] content = contentOf(segment);
      current = segment.header();
      end =
          new SegmentScan(segment.header(), segment.key(), content)
              .scan(committed, open, this::receive, losses);
      next = end.next();
      highest = Math.max(highest, end.highest());
      bytes += content.length;
      segments.add(new Segment(segment.number(), content.length, next - 1));
      before = segment.number();
      seen = before;
      damaged = null;
    }
    if (acknowledged == Long.MAX_VALUE) {
      // No crash loses the counter. Who took it away may have cut the end as well.
      acknowledged = last + 1;
    }
    if (next <= acknowledged) {
      losses.add(lost(acknowledged, end, damaged, before));
      next = acknowledged + 1;
    }
    resolve(Math.max(acknowledged, next));
    // If the counter has risen meanwhile, its owner is appending and nobody put it back.
    boolean putBack = tailBytes > MAX_TAIL_BYTES && place.head().value().equals(counter);
    return result(copied || putBack);
  }

  /** Segments whose headers do not hold may have held records up to {@code through}. */
  private void resolve(long through) {
    segments.replaceAll(
        segment ->
            segment.through() == UNKNOWN
                ? new Segment(segment.number(), segment.bytes(), through)
                : segment);
  }

  /** Empty if its owner has removed it since we looked. */
  private byte[] contentOf(Found segment) throws IOException {
    try {
      return files.content(segment.number());
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  /** What is lost between the segment before and this one, by the header of this one. */
  private void boundary(Found segment, SegmentScan.End end, @Nullable Found damaged, long before) {
    SegmentHeader header = segment.header();
    if (header == null) {
      return;
    }
    if (header.voidFrom() > next) {
      boolean skipped = damaged == null && segment.number() > seen + 1;
      losses.add(
          skipped
              ? new Loss(Loss.Cause.MISSING, next, header.voidFrom() - 1, 0, 0, 0)
              : lost(header.voidFrom() - 1, end, damaged, before));
    } else if (header.previous() == last && !Arrays.equals(header.previousHash(), lastHash)) {
      losses.add(new Loss(Loss.Cause.DAMAGED, last, last, segment.number(), 0, 0));
    }
    next = header.first();
  }

  /**
   * What is lost from here on: by a segment whose header does not hold, or as the last one ended.
   */
  private Loss lost(long through, SegmentScan.End end, @Nullable Found damaged, long before) {
    if (damaged != null && damaged.bytes() > 0) {
      return new Loss(Loss.Cause.DAMAGED, next, through, damaged.number(), 0, damaged.bytes());
    }
    return end.cause() == Loss.Cause.CUT
        ? new Loss(Loss.Cause.CUT, next, through, 0, 0, 0)
        : new Loss(Loss.Cause.DAMAGED, next, through, before, end.damagedAt(), end.damagedBytes());
  }

  private void receive(JournalRecord record) {
    SegmentHeader header = current;
    switch (record.type()) {
      case Notes.CHECKPOINT -> {
        if (header != null && closesWhatIsBefore(header, record)) {
          carriedOver = header.first();
        }
      }
      case Notes.REMOVAL ->
          removedThrough =
              Math.max(removedThrough, Notes.removedThrough(record.payload()).orElse(0L));
      case Notes.ACCEPTANCE -> accepted.addAll(Notes.accepted(record.payload()));
      default -> {
        if (record.type() >= Journal.FIRST_TYPE) {
          records++;
          user.accept(record);
        }
      }
    }
    last = record.sequence();
    lastHash = record.hash();
    if (last <= acknowledged || tailBytes > MAX_TAIL_BYTES) {
      lastAcknowledged = last;
      acknowledgedHash = lastHash;
      return;
    }
    tail.add(record);
    tailBytes += record.payload().length + RecordCipher.OVERHEAD_BYTES;
    if (tailBytes > MAX_TAIL_BYTES) {
      // No crash leaves that much: the counter was put back, and does not tell what to write again.
      tail.clear();
      lastAcknowledged = last;
      acknowledgedHash = lastHash;
    }
  }

  private boolean closesWhatIsBefore(SegmentHeader header, JournalRecord checkpoint) {
    return Notes.isCheckpointOf(
        checkpoint.payload(), place.keys(), place.kind(), header.previous(), header.previousHash());
  }

  private List<Found> find() throws IOException, WardgateException {
    List<Found> found = new ArrayList<>();
    long limit = Long.MAX_VALUE;
    List<Long> numbers = files.numbers();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      Optional<Found> segment = look(numbers.get(i), limit);
      if (segment.isPresent()) {
        found.add(segment.get());
        SegmentHeader header = segment.get().header();
        limit = header == null ? limit : Math.min(limit, header.previous());
      }
    }
    Collections.reverse(found);
    return found;
  }

  /** Empty if its owner has removed it meanwhile. */
  private Optional<Found> look(long number, long limit) throws IOException, WardgateException {
    byte[] head;
    long size;
    try {
      head = files.head(number);
      size = files.size(number);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    SegmentHeader.Verdict verdict = SegmentHeader.judge(head);
    if (verdict == SegmentHeader.Verdict.NEWER) {
      throw new WardgateException(
          Reason.STATE_NEWER, place.kind() + " segment " + number + " is of a later format");
    }
    if (verdict == SegmentHeader.Verdict.SOUND) {
      SegmentHeader header = SegmentHeader.parse(head);
      Optional<byte[]> key = header.key(place.keys(), place.kind());
      if (header.number() == number && key.isPresent()) {
        return Optional.of(new Found(number, size, header, key.get(), limit));
      }
    }
    return Optional.of(new Found(number, size, null, null, limit));
  }

  /**
   * Behind the last acknowledged record and what is lost after it. Not behind the counter: what a
   * raise that failed left in it may have been given up since, as the headers say.
   */
  private long voidFrom() {
    long before = tail.isEmpty() ? Long.MAX_VALUE : tail.get(0).sequence();
    long through = lastAcknowledged;
    for (Loss loss : losses) {
      if (loss.last() < before) {
        through = Math.max(through, loss.last());
      }
    }
    return through + 1;
  }

  private Result result(boolean copied) {
    List<Loss> open = new ArrayList<>();
    List<Loss> known = new ArrayList<>();
    for (Loss loss : losses) {
      if (loss.last() <= removedThrough && loss.last() < carriedOver) {
        // Removed on purpose, and a signed checkpoint after it carries the chain over.
        continue;
      }
      boolean isKnown = accepted.stream().anyMatch(r -> r.covers(loss.first(), loss.last()));
      (isKnown ? known : open).add(loss);
    }
    StateReport report =
        new StateReport(
            records,
            segments.size(),
            bytes,
            last,
            HexFormat.of().formatHex(lastHash),
            acknowledged,
            open,
            known,
            copied);
    return new Result(
        report,
        lastAcknowledged,
        acknowledgedHash,
        List.copyOf(tail),
        voidFrom(),
        Math.max(next, highest + 1),
        removedThrough,
        List.copyOf(segments));
  }
}
