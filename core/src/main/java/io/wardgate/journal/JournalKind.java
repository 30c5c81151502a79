// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

/**
 * What a journal is for. Part of what its keys are bound to: a segment of one kind does not open as
 * another.
 */
public enum JournalKind {
  /** Readings on their way out. */
  OUTBOX(1),
  /** Devices and credentials. */
  LEDGER(2),
  /** Security events. */
  AUDIT(3);

  private final int code;

  JournalKind(int code) {
    this.code = code;
  }

  /** As it stands in files. */
  int code() {
    return code;
  }
}
