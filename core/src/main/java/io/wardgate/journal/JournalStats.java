// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

/**
 * A journal at work, in plain numbers since it was opened.
 *
 * @param head the last acknowledged sequence number
 * @param bytes the size of all segments
 * @param maxBytes how large they may grow
 * @param queued records that wait for the disk now
 * @param appended records acknowledged
 * @param commits how many fsynced groups they came in
 * @param refused records refused because the queue or the journal was full
 * @param failed records that could not be written
 * @param slowestCommitMillis how long the slowest group took
 */
public record JournalStats(
    long head,
    long bytes,
    long maxBytes,
    int queued,
    long appended,
    long commits,
    long refused,
    long failed,
    long slowestCommitMillis) {}
