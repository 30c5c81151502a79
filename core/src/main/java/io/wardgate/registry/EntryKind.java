// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.journal.Journal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an entry of the ledger says. Types are written down: a number is never used again. */
enum EntryKind {
  GENESIS(0),
  CERTIFIED(1),
  REGISTERED(2),
  ACTIVATED(3),
  SUSPENDED(4),
  RESUMED(5),
  REVOKED(6),
  RETIRED(7),
  RESTORED(8),
  CONNECTIONS_SAVED(9),
  CONNECTIONS_TAKEN(10),
  BATCH_OPENED(11),
  BATCH_CLOSED(12),
  INVITED(13),
  UNINVITED(14),
  ENROLLED(15),
  PROVED(16);

  /** By number, which is their order. */
  private static final List<EntryKind> KINDS = List.of(values());

  private final int type;

  EntryKind(int number) {
    this.type = Journal.FIRST_TYPE + number;
  }

  /** The record's type in the journal. */
  int type() {
    return type;
  }

  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<EntryKind> ofType(int type) {
    int number = type - Journal.FIRST_TYPE;
    return number < 0 || number >= KINDS.size() ? Optional.empty() : Optional.of(KINDS.get(number));
  }
}
