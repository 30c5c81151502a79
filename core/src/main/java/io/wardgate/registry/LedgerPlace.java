// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.journal.JournalKind;
import io.wardgate.journal.JournalLimits;
import io.wardgate.journal.JournalPlace;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.StateKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Where a ledger lies and what it needs.
 *
 * @param stateDirectory what its directory and its counter lie in
 * @param keys what seals it
 * @param limits how large it may grow
 * @param clock for the time of entries
 * @param random for its id and keys
 */
record LedgerPlace(
    Path stateDirectory,
    StateKeys keys,
    JournalLimits limits,
    InstantSource clock,
    SecureRandom random) {

  /**
   * A hundred thousand devices, each certified, registered and taken in, are about 100 MiB. Nothing
   * is ever removed.
   */
  static final JournalLimits LIMITS =
      new JournalLimits(8L << 20, 1L << 30, JournalLimits.WhenFull.REFUSE_NEW, 1024, 4L << 20);

  LedgerPlace(Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random) {
    this(stateDirectory, keys, LIMITS, clock, random);
  }

  Path directory() {
    return stateDirectory.resolve("ledger");
  }

  Path head() {
    return stateDirectory.resolve("ledger.head");
  }

  JournalPlace journal() {
    return new JournalPlace(
        directory(), JournalKind.LEDGER, keys, FileCounter.at(head(), keys), limits, clock, random);
  }

  /** From here on only what must not be refused is written: above all that a device is revoked. */
  long issuingEndsAt() {
    return limits.maxBytes() / 8 * 7;
  }
}
