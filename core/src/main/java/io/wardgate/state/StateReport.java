// SPDX-License-Identifier: Apache-2.0
package io.wardgate.state;

import java.util.HexFormat;
import java.util.List;

/**
 * What reading one part of the state whole found: a ledger, an audit trail, an outbox.
 *
 * @param records how many records of its user it gave out
 * @param segments how many segment files it has
 * @param bytes their size
 * @param head the sequence number of the last record, 0 if there is none
 * @param headHash the hash of that record, 64 hexadecimal digits; zeros if there is none
 * @param acknowledged the sequence number the counter outside stands at
 * @param losses what is lost and was not accepted as lost, in order
 * @param accepted what is lost and was accepted as lost, in order
 * @param copied whether it lies elsewhere than where it was written
 */
public record StateReport(
    long records,
    int segments,
    long bytes,
    long head,
    String headHash,
    long acknowledged,
    List<Loss> losses,
    List<Loss> accepted,
    boolean copied) {

  /** The hash before the first record. */
  public static final String NO_HASH = HexFormat.of().formatHex(new byte[32]);

  /** Copies the lists. */
  public StateReport {
    losses = List.copyOf(losses);
    accepted = List.copyOf(accepted);
  }

  /** The gravest of what was found. */
  public Standing standing() {
    if (losses.stream().anyMatch(loss -> loss.cause() == Loss.Cause.CUT)) {
      return Standing.ROLLED_BACK;
    }
    if (!losses.isEmpty()) {
      return Standing.DAMAGED;
    }
    return copied ? Standing.COPIED : Standing.SOUND;
  }
}
