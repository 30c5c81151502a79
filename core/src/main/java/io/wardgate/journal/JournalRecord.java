// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import java.time.Instant;

/**
 * One record as it was appended. The payload is the receiver's own.
 *
 * @param sequence its place, from 1; rises, never repeats, has gaps only where something was lost
 *     or the journal wrote about itself
 * @param type the caller's, {@value Journal#FIRST_TYPE} to 255
 * @param priority the caller's, 0 (highest) to 3
 * @param time when it was appended, to the millisecond
 * @param hash SHA-256 of the whole stored record, which the next one carries
 * @param payload what was appended
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record JournalRecord(
    long sequence, int type, int priority, Instant time, byte[] hash, byte[] payload) {

  /** Place and type; never the payload. */
  @Override
  public String toString() {
    return "JournalRecord[" + sequence + ", type " + type + "]";
  }
}
