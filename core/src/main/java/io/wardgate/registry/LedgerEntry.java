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
   * A device is expected to be enrolled, in place of any earlier such word.
   *
   * @param invitation who, as what, and until when
   */
  record Invited(Invitation invitation) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.INVITED;
    }
  }

  /**
   * It is expected no more.
   *
   * @param device who
   */
  record Uninvited(DeviceId device) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.UNINVITED;
    }
  }

  /**
   * A device was given a certificate at its own request, and is registered with it.
   *
   * @param enrolment what it was given
   */
  record Enrolled(Enrolment enrolment) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.ENROLLED;
    }
  }

  /**
   * A device has come with a key it was given: what it was given before is of no use any more.
   *
   * @param device who
   * @param key which
   */
  record Proved(DeviceId device, KeyFingerprint key) implements LedgerEntry {
    @Override
    public EntryKind kind() {
      return EntryKind.PROVED;
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
