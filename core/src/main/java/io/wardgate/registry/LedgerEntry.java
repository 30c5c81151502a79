// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import java.util.Optional;

/** One thing that happened to a device or to the ledger itself. Immutable. */
sealed interface LedgerEntry {

  EntryKind kind();

  /**
   * The ledger begins.
   *
   * @param ledgerId 32 random hexadecimal digits
   */
  record Genesis(String ledgerId) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.GENESIS;
    }
  }

  /**
   * A credential was made for a device, and is about to be handed out.
   *
   * @param device whose it is to be
   * @param credential what
   */
  record Certified(DeviceId device, IssuedCredential credential) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.CERTIFIED;
    }
  }

  /**
   * A device was registered.
   *
   * @param registration in state {@link DeviceState#ISSUED}
   */
  record Registered(Registration registration) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.REGISTERED;
    }
  }

  /**
   * A device's state changed.
   *
   * @param kind how
   * @param device whose
   * @param cause why, if somebody took it out of service
   */
  record Moved(EntryKind kind, DeviceId device, Optional<Cause> cause) implements LedgerEntry {

    static boolean isMove(EntryKind kind) {
      return switch (kind) {
        case ACTIVATED, SUSPENDED, RESUMED, REVOKED, RETIRED -> true;
        default -> false;
      };
    }

    static boolean hasCause(EntryKind kind) {
      return switch (kind) {
        case SUSPENDED, REVOKED, RETIRED -> true;
        default -> false;
      };
    }

    public Moved {
      if (!isMove(kind) || hasCause(kind) != cause.isPresent()) {
        throw new IllegalArgumentException("a move of that kind has no such cause");
      }
    }
  }

  /**
   * The ledger was put back from a backup: what it says from here on may differ from what the one
   * that was backed up went on to say.
   *
   * @param head where it stood
   * @param headHash the hash of that record, 64 hexadecimal digits
   */
  record Restored(long head, String headHash) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.RESTORED;
    }
  }

  /**
   * Connections were saved, to be given back once, in place of any before.
   *
   * @param id what they are saved under, 32 random hexadecimal digits
   */
  record ConnectionsSaved(String id) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.CONNECTIONS_SAVED;
    }
  }

  /** No saved connections may be given back any more. */
  record ConnectionsTaken() implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.CONNECTIONS_TAKEN;
    }
  }

  /**
   * Devices of a batch may be given credentials from now on.
   *
   * @param batch what was authorised
   */
  record BatchOpened(Batch batch) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.BATCH_OPENED;
    }
  }

  /**
   * A batch is complete, or given up.
   *
   * @param batch its id
   */
  record BatchClosed(String batch) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.BATCH_CLOSED;
    }
  }
}
