// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.keys.StateKeys;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first {@value #BYTES} bytes of a segment: what it is, where it continues the chain, and its
 * own key, wrapped. Laid out in {@code docs/adr/0006}.
 *
 * <p>The wrapped key is bound to all that stands before it, so that no part can be changed or taken
 * from another segment without the vault.
 *
 * @param kind the code of the journal's kind
 * @param keyId which vault wrapped the key
 * @param number the segment's number, from 1
 * @param previous the sequence number it continues after, 0 at the very beginning
 * @param voidFrom sequence numbers from here to before {@code first} were never acknowledged; those
 *     between {@code previous} and here were lost
 * @param first the sequence number of its first record
 * @param previousHash the hash of the record it continues after, zeros at the very beginning
 * @param millis when it was begun
 * @param wrappedKey its key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SegmentHeader(
    int kind,
    byte[] keyId,
    long number,
    long previous,
    long voidFrom,
    long first,
    byte[] previousHash,
    long millis,
    byte[] wrappedKey) {

  static final int BYTES = 156;
  static final int KEY_BYTES = 32;
  static final int HASH_BYTES = 32;
  static final short VERSION = 1;

  private static final byte[] MAGIC = {(byte) 0x89, 'W', 'G', 'J', 'L', '\r', '\n', 0x1a};
  private static final int VERSION_AT = 8;
  private static final int CONTEXT_BYTES = 92;
  private static final int WRAPPED_BYTES = KEY_BYTES + StateKeys.WRAP_OVERHEAD_BYTES;
  private static final int CRC_AT = CONTEXT_BYTES + WRAPPED_BYTES;

  /** What reading a header came to. */
  enum Verdict {
    /** It is one of ours. */
    SOUND,
    /** It was written by a later version of Wardgate. */
    NEWER,
    /** It is anything else. */
    DAMAGED
  }

  /** A header for a new segment, and its key with it. */
  static SegmentHeader wrapping(
      byte[] key,
      StateKeys keys,
      JournalKind kind,
      long number,
      long previous,
      long voidFrom,
      long first,
      byte[] previousHash,
      long millis) {
    SegmentHeader bare =
        new SegmentHeader(
            kind.code(),
            keys.keyId(),
            number,
            previous,
            voidFrom,
            first,
            previousHash,
            millis,
            new byte[0]);
    return new SegmentHeader(
        bare.kind,
        bare.keyId,
        number,
        previous,
        voidFrom,
        first,
        previousHash,
        millis,
        keys.wrap(key, bare.context()));
  }

  /** Tells what stands at the beginning of {@code bytes}; anything may. */
  static Verdict judge(byte[] bytes) {
    if (bytes.length < VERSION_AT + 2
        || !Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) {
      return Verdict.DAMAGED;
    }
    int version = ByteBuffer.wrap(bytes).getShort(VERSION_AT);
    boolean ours = bytes.length >= BYTES && crcHolds(bytes);
    if (version == VERSION) {
      return ours ? Verdict.SOUND : Verdict.DAMAGED;
    }
    // A flipped bit in the version of a header of ours is damage, not the future.
    return ours || version < VERSION ? Verdict.DAMAGED : Verdict.NEWER;
  }

  /** Reads a header that was judged sound. */
  static SegmentHeader parse(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes, VERSION_AT + 2, BYTES - VERSION_AT - 2);
    int kind = in.get();
    in.get();
    byte[] keyId = bytes(in, StateKeys.KEY_ID_BYTES);
    return new SegmentHeader(
        kind,
        keyId,
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        bytes(in, HASH_BYTES),
        in.getLong(),
        bytes(in, WRAPPED_BYTES));
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).put(context()).put(wrappedKey);
    return out.putInt(crc(out.array())).array();
  }

  /**
   * The segment's key, or empty if this is not a segment of that kind under these keys, or makes no
   * sense.
   */
  Optional<byte[]> key(StateKeys keys, JournalKind expected) {
    boolean ordered = previous >= 0 && previous < voidFrom && voidFrom <= first;
    if (kind != expected.code() || !ordered || !Arrays.equals(keyId, keys.keyId())) {
      return Optional.empty();
    }
    return keys.unwrap(wrappedKey, context());
  }

  private byte[] context() {
    return ByteBuffer.allocate(CONTEXT_BYTES)
        .put(MAGIC)
        .putShort(VERSION)
        .put((byte) kind)
        .put((byte) 0)
        .put(keyId)
        .putLong(number)
        .putLong(previous)
        .putLong(voidFrom)
        .putLong(first)
        .put(previousHash)
        .putLong(millis)
        .array();
  }

  /** Whether the checksum holds for the version this is, whatever the version field says. */
  private static boolean crcHolds(byte[] bytes) {
    byte[] ours = Arrays.copyOf(bytes, BYTES);
    ByteBuffer.wrap(ours).putShort(VERSION_AT, VERSION);
    return crc(ours) == ByteBuffer.wrap(bytes).getInt(CRC_AT);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    return (int) crc.getValue();
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /** Number and place. */
  @Override
  public String toString() {
    return "SegmentHeader[" + number + ", from " + first + "]";
  }
}
