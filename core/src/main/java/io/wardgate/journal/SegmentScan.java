// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.state.Loss;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one segment: hands out each record that is what was written, in order, and tells
 * what is lost. Damage is passed over to the next record that holds; nothing is changed.
 */
final class SegmentScan {

  private final long number;
  private final byte[] bytes;
  private final RecordCipher cipher;

  private long expected;
  private byte[] hash;
  private int damagedAt = -1;

  /** The highest number that stands here, whether it counts or not. */
  private long highest;

  SegmentScan(SegmentHeader header, byte[] key, byte[] bytes) {
    this.number = header.number();
    this.bytes = bytes;
    this.cipher = new RecordCipher(key);
    this.expected = header.first();
    this.hash = header.previousHash();
  }

  /**
   * How a segment ended.
   *
   * @param next the sequence number after its last record
   * @param highest the highest number of a record in it, also of one that no longer counts: should
   *     what says so be lost, it would come back, and must not be taken for another
   * @param cause how it lost what should follow, if anything should
   * @param damagedAt where the damage begins, or its end
   * @param damagedBytes how far it goes
   */
  record End(long next, long highest, Loss.Cause cause, int damagedAt, int damagedBytes) {}

  /**
   * Scans it.
   *
   * @param committed up to here every record must be there
   * @param more whether records beyond that count too: they were written last and not acknowledged,
   *     and hold as far as they follow each other
   */
  End scan(long committed, boolean more, Consumer<JournalRecord> receiver, List<Loss> losses) {
    int at = SegmentHeader.BYTES;
    boolean counts = true;
    while (at < bytes.length) {
      JournalRecord record = recordAt(at);
      if (record == null) {
        damagedAt = counts && damagedAt < 0 ? at : damagedAt;
        at = nextMarker(at + 1);
        continue;
      }
      long sequence = record.sequence();
      // Not if replaced by a later segment; nor if something before it was lost that nobody was
      // promised: order is kept by letting go of what followed.
      counts &=
          (more || sequence <= committed) && (sequence == expected || sequence - 1 <= committed);
      if (counts) {
        if (sequence > expected || damagedAt >= 0) {
          // Also bytes between two records that follow each other: nobody of ours wrote them.
          losses.add(loss(sequence - 1, at));
        }
        receiver.accept(record);
        damagedAt = -1;
        expected = sequence + 1;
        hash = record.hash();
      }
      at += RecordCipher.OVERHEAD_BYTES + record.payload().length;
    }
    return new End(
        expected,
        highest,
        isCutOff() ? Loss.Cause.CUT : Loss.Cause.DAMAGED,
        damageStart(),
        bytes.length - damageStart());
  }

  private Loss loss(long through, int at) {
    return damagedAt < 0
        ? new Loss(Loss.Cause.MISSING, expected, through, number, at, 0)
        : new Loss(Loss.Cause.DAMAGED, expected, through, number, damagedAt, at - damagedAt);
  }

  private int damageStart() {
    return damagedAt < 0 ? bytes.length : damagedAt;
  }

  private @Nullable JournalRecord recordAt(int at) {
    RecordCipher.Head head = cipher.headAt(bytes, at, bytes.length);
    if (head == null || head.sequence() < expected) {
      return null;
    }
    Optional<byte[]> payload = cipher.open(head, bytes, at);
    if (payload.isEmpty()) {
      return null;
    }
    highest = Math.max(highest, head.sequence());
    if (head.sequence() == expected && !RecordCipher.follows(hash, bytes, at)) {
      return null;
    }
    return new JournalRecord(
        head.sequence(),
        head.type(),
        head.priority(),
        Instant.ofEpochMilli(head.millis()),
        cipher.hash(bytes, at, head.bytes()),
        payload.get());
  }

  /** Whether the segment simply ends, at a record's end or within one. */
  private boolean isCutOff() {
    int left = bytes.length - damageStart();
    if (left < RecordCipher.OVERHEAD_BYTES) {
      return true;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, damageStart(), left);
    boolean marked = in.getInt() == RecordCipher.MARKER;
    int length = in.getInt();
    return marked
        && length >= 0
        && length <= JournalLimits.MAX_PAYLOAD_BYTES
        && length > left - RecordCipher.OVERHEAD_BYTES;
  }

  private int nextMarker(int from) {
    for (int at = from; at + 4 <= bytes.length; at++) {
      if (bytes[at] == 'W'
          && bytes[at + 1] == 'R'
          && bytes[at + 2] == 'E'
          && bytes[at + 3] == 'C') {
        return at;
      }
    }
    return bytes.length;
  }
}
