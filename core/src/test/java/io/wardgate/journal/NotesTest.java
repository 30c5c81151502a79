// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.keys.StateKeys;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a journal writes about itself is read back exactly, or says nothing. */
class NotesTest {

  private static final StateKeys KEYS = TestJournal.keys(5);
  private static final byte[] HASH = new byte[32];

  @Test
  void aCheckpointHoldsForTheChainItWasSignedFor() {
    byte[] note = Notes.checkpoint(KEYS, JournalKind.LEDGER, 7, HASH);
    assertThat(holds(note, JournalKind.LEDGER, 7, HASH)).isTrue();
    assertThat(holds(note, JournalKind.AUDIT, 7, HASH)).isFalse();
    assertThat(holds(note, JournalKind.LEDGER, 8, HASH)).isFalse();
    byte[] other = HASH.clone();
    other[31] = 1;
    assertThat(holds(note, JournalKind.LEDGER, 7, other)).isFalse();
    assertThat(Notes.isCheckpointOf(note, TestJournal.keys(6), JournalKind.LEDGER, 7, HASH))
        .isFalse();
  }

  @Test
  void noTruncationOfANoteSaysAnything() {
    byte[] checkpoint = Notes.checkpoint(KEYS, JournalKind.LEDGER, 7, HASH);
    byte[] removal = Notes.removal(1_000_000);
    byte[] acceptance = Notes.acceptance(List.of(new Notes.Range(3, 5), new Notes.Range(9, 300)));
    for (int length = 0; length < checkpoint.length; length++) {
      assertThat(holds(Arrays.copyOf(checkpoint, length), JournalKind.LEDGER, 7, HASH)).isFalse();
    }
    for (int length = 0; length < removal.length; length++) {
      assertThat(Notes.removedThrough(Arrays.copyOf(removal, length))).isEmpty();
    }
    for (int length = 0; length < acceptance.length; length++) {
      assertThat(Notes.accepted(Arrays.copyOf(acceptance, length))).isEmpty();
    }
    assertThat(Notes.removedThrough(removal)).contains(1_000_000L);
    assertThat(Notes.accepted(acceptance))
        .containsExactly(new Notes.Range(3, 5), new Notes.Range(9, 300));
  }

  private static boolean holds(byte[] note, JournalKind kind, long sequence, byte[] hash) {
    return Notes.isCheckpointOf(note, KEYS, kind, sequence, hash);
  }
}
