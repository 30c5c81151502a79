// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

/**
 * How large a journal, its segments and its queue may grow. Immutable.
 *
 * @param segmentBytes a segment that has reached this is followed by a new one; at most 32 MiB
 * @param maxBytes all segments together; at least four segments' worth
 * @param whenFull what happens then
 * @param queuedRecords records that may wait for the disk
 * @param queuedBytes their payloads together
 */
public record JournalLimits(
    long segmentBytes, long maxBytes, WhenFull whenFull, int queuedRecords, long queuedBytes) {

  /** A record above this is a mistake of ours, and length fields above it are damage. */
  public static final int MAX_PAYLOAD_BYTES = 256 * 1024;

  /** What happens when a journal has grown to its limit. */
  public enum WhenFull {
    /** Appending fails with {@link io.wardgate.Reason#STATE_FULL}. */
    REFUSE_NEW,
    /** The oldest segments are removed, which is written down in the journal first. */
    DROP_OLDEST
  }

  /** Checks that they fit each other. */
  public JournalLimits {
    if (segmentBytes < 1024
        || segmentBytes > SegmentFiles.MAX_BYTES / 2
        || maxBytes < 4 * segmentBytes
        || queuedRecords < 1
        || queuedBytes < 1) {
      throw new IllegalArgumentException("limits that do not fit each other");
    }
  }
}
