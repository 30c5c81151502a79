// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.WardgateBug;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the records of one segment, under its key; laid out in {@code docs/adr/0006}.
 *
 * <p>AES-256-GCM with the sequence number as nonce: a segment's key is never used for two records
 * of one number, because it is never used by two openings. What stands before the payload is
 * authenticated with it. Not thread-safe.
 */
final class RecordCipher {

  /** What stands before the payload. */
  static final int HEAD_BYTES = 60;

  static final int TAG_BYTES = 16;

  /** How much longer a record is than its payload. */
  static final int OVERHEAD_BYTES = HEAD_BYTES + TAG_BYTES + 4;

  /** Found again after damage by this. */
  static final int MARKER = 0x5752_4543;

  private static final int HASH_AT = 28;

  private final SecretKey key;
  private final Cipher cipher;
  private final MessageDigest sha256;
  private final CRC32C crc = new CRC32C();

  RecordCipher(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
      this.sha256 = MessageDigest.getInstance("SHA-256", "SUN");
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has AES-GCM and SHA-256", e);
    }
  }

  /**
   * The head of a stored record.
   *
   * @param length of its payload
   * @param type whose it is
   * @param priority 0 to 3
   * @param sequence its place
   * @param millis when it was appended
   */
  record Head(int length, int type, int priority, long sequence, long millis) {

    /** Of the whole record. */
    int bytes() {
      return OVERHEAD_BYTES + length;
    }
  }

  /** Writes a record at {@code at}, where there is room for it, and tells its hash. */
  byte[] seal(Head head, byte[] previousHash, byte[] payload, byte[] out, int at) {
    ByteBuffer fields =
        ByteBuffer.wrap(out)
            .position(at)
            .putInt(MARKER)
            .putInt(head.length)
            .put((byte) head.type)
            .put((byte) head.priority)
            .putShort((short) 0)
            .putLong(head.sequence)
            .putLong(head.millis)
            .put(previousHash);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, nonce(head.sequence));
      cipher.updateAAD(out, at, HEAD_BYTES);
      cipher.doFinal(payload, 0, payload.length, out, at + HEAD_BYTES);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("AES-GCM does not encrypt", e);
    }
    int crcAt = at + head.bytes() - 4;
    fields.putInt(crcAt, crc(out, at, crcAt - at));
    return hash(out, at, head.bytes());
  }

  /**
   * The head at {@code at}, if a whole record with a right checksum stands there. Anything may
   * stand there: nothing is trusted before its bounds are known.
   */
  @Nullable Head headAt(byte[] bytes, int at, int end) {
    if (end - at < OVERHEAD_BYTES) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, at, end - at);
    if (in.getInt() != MARKER) {
      return null;
    }
    int length = in.getInt();
    if (length < 0
        || length > JournalLimits.MAX_PAYLOAD_BYTES
        || length > end - at - OVERHEAD_BYTES) {
      return null;
    }
    Head head =
        new Head(
            length,
            Byte.toUnsignedInt(in.get()),
            Byte.toUnsignedInt(in.get()),
            in.getLong(at + 12),
            in.getLong(at + 20));
    int crcAt = at + head.bytes() - 4;
    return in.getInt(crcAt) == crc(bytes, at, crcAt - at) ? head : null;
  }

  /** The payload of the record with this head, or empty if it is not what was written. */
  Optional<byte[]> open(Head head, byte[] bytes, int at) {
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, nonce(head.sequence));
      cipher.updateAAD(bytes, at, HEAD_BYTES);
      return Optional.of(cipher.doFinal(bytes, at + HEAD_BYTES, head.length + TAG_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("AES-GCM does not decrypt", e);
    }
  }

  /** Whether the record at {@code at} says that it follows the one of this hash. */
  static boolean follows(byte[] previousHash, byte[] bytes, int at) {
    return Arrays.equals(
        previousHash,
        0,
        previousHash.length,
        bytes,
        at + HASH_AT,
        at + HASH_AT + SegmentHeader.HASH_BYTES);
  }

  byte[] hash(byte[] bytes, int at, int length) {
    sha256.update(bytes, at, length);
    return sha256.digest();
  }

  private int crc(byte[] bytes, int at, int length) {
    crc.reset();
    crc.update(bytes, at, length);
    return (int) crc.getValue();
  }

  private static GCMParameterSpec nonce(long sequence) {
    return new GCMParameterSpec(
        8 * TAG_BYTES, ByteBuffer.allocate(12).putInt(0).putLong(sequence).array());
  }
}
