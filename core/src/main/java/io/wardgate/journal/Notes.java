// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.cbor.CborReader;
import io.wardgate.cbor.CborWriter;
import io.wardgate.cbor.MalformedCborException;
import io.wardgate.keys.StateKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a journal writes about itself, in records of types below {@link Journal#FIRST_TYPE}: that
 * what came before is closed, that old segments are removed, that losses were accepted.
 *
 * <p>A note that does not read as one of these says nothing: then what it would explain stays a
 * loss.
 */
final class Notes {

  /** A signed statement of all that came before, first in every segment but the first. */
  static final int CHECKPOINT = 1;

  /** That segments are about to be removed, written before they are. */
  static final int REMOVAL = 2;

  /** That somebody accepted losses. */
  static final int ACCEPTANCE = 3;

  /** Losses further apart than this are accepted in several steps. */
  static final int MAX_RANGES = 1000;

  private static final byte[] CHECKPOINT_LABEL = {'w', 'g', ' ', 'c', 'h', 'e', 'c', 'k', ' ', '1'};

  private Notes() {}

  /**
   * A run of sequence numbers.
   *
   * @param first the first
   * @param last the last
   */
  record Range(long first, long last) {
    boolean covers(long from, long to) {
      return first <= from && to <= last;
    }
  }

  /** A checkpoint of the chain up to {@code sequence}. */
  static byte[] checkpoint(StateKeys keys, JournalKind kind, long sequence, byte[] hash) {
    return new CborWriter()
        .array(3)
        .integer(sequence)
        .bytes(hash)
        .bytes(keys.sign(statement(kind, sequence, hash)))
        .toBytes();
  }

  /** Whether this is a checkpoint of the chain up to there, signed by these keys. */
  static boolean isCheckpointOf(
      byte[] payload, StateKeys keys, JournalKind kind, long sequence, byte[] hash) {
    try {
      CborReader in = new CborReader(payload, 1);
      boolean shaped = in.readArray(3) == 3 && in.readLong() == sequence;
      byte[] stated = in.readBytes(SegmentHeader.HASH_BYTES);
      byte[] signature = in.readBytes(128);
      in.end();
      return shaped
          && Arrays.equals(stated, hash)
          && keys.verify(statement(kind, sequence, hash), signature);
    } catch (MalformedCborException e) {
      return false;
    }
  }

  /** That all records up to {@code through} are removed. */
  static byte[] removal(long through) {
    return new CborWriter().array(1).integer(through).toBytes();
  }

  /** How far records were removed, if this says so. */
  static Optional<Long> removedThrough(byte[] payload) {
    try {
      CborReader in = new CborReader(payload, 1);
      boolean shaped = in.readArray(1) == 1;
      long through = in.readLong();
      in.end();
      return shaped ? Optional.of(through) : Optional.empty();
    } catch (MalformedCborException e) {
      return Optional.empty();
    }
  }

  /** That the records in these ranges are lost and that somebody knows. */
  static byte[] acceptance(List<Range> ranges) {
    CborWriter out = new CborWriter().array(2 * ranges.size());
    for (Range range : ranges) {
      out.integer(range.first()).integer(range.last());
    }
    return out.toBytes();
  }

  /** The ranges this accepts. */
  static List<Range> accepted(byte[] payload) {
    try {
      CborReader in = new CborReader(payload, 1);
      int count = in.readArray(2 * MAX_RANGES);
      List<Range> ranges = new ArrayList<>();
      for (int i = 0; i + 1 < count; i += 2) {
        ranges.add(new Range(in.readLong(), in.readLong()));
      }
      in.end();
      return ranges;
    } catch (MalformedCborException e) {
      return List.of();
    }
  }

  private static byte[] statement(JournalKind kind, long sequence, byte[] hash) {
    return ByteBuffer.allocate(CHECKPOINT_LABEL.length + 1 + Long.BYTES + hash.length)
        .put(CHECKPOINT_LABEL)
        .put((byte) kind.code())
        .putLong(sequence)
        .put(hash)
        .array();
  }
}
