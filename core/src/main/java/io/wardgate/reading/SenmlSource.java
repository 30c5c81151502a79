// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.WardgateException;
import org.jspecify.annotations.Nullable;

/** The records of one pack in some encoding, pulled field by field. */
interface SenmlSource {

  /** Enters the next record, or the pack is over. */
  boolean nextRecord() throws WardgateException;

  /**
   * Goes to the record's next field, or leaves the record and answers null; fields that need not be
   * understood are passed over.
   */
  @Nullable SenmlField nextField() throws WardgateException;

  String text() throws WardgateException;

  /** May be infinite or not-a-number, where the encoding has those. */
  double number() throws WardgateException;

  boolean flag() throws WardgateException;

  byte[] data() throws WardgateException;

  /** Checks that nothing follows the pack. */
  void end() throws WardgateException;

  /** The byte the source stands at. */
  int offset();

  /** Whether an unknown label must be understood (RFC 8428 section 4.4). */
  static boolean mustBeUnderstood(String label) {
    return label.endsWith("_");
  }
}
