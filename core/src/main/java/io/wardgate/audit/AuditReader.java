// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.journal.Journal;
import io.wardgate.journal.JournalPlace;
import io.wardgate.journal.JournalRecord;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Takes an audit trail's records for events. Used once, by one thread. */
final class AuditReader {

  /** The type of a record that is an {@link AuditEntry}; others are a newer version's. */
  static final int EVENT = Journal.FIRST_TYPE;

  private final Sink sink;
  private @Nullable WardgateException first;

  private AuditReader(Sink sink) {
    this.sink = sink;
  }

  /** Where events go. */
  @FunctionalInterface
  interface Sink {
    void take(long sequence, byte[] hash, AuditEntry entry) throws IOException;
  }

  /**
   * Reads all of it without changing it.
   *
   * @throws WardgateException if it cannot be read, or a record was no event; then the others were
   *     handed out all the same
   */
  static StateReport read(JournalPlace place, Sink sink) throws IOException, WardgateException {
    AuditReader reader = new AuditReader(sink);
    StateReport report;
    try {
      report = Journal.read(place, reader::take);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (reader.first != null) {
      throw reader.first;
    }
    return report;
  }

  private void take(JournalRecord stored) {
    if (stored.type() != EVENT) {
      return;
    }
    try {
      sink.take(stored.sequence(), stored.hash(), AuditEntry.parse(stored.payload()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (WardgateException e) {
      // Not the end: what is sound after it is evidence too.
      if (first == null) {
        first =
            new WardgateException(
                Reason.STATE_DAMAGED, "record " + stored.sequence() + " holds no event", e);
      }
    }
  }
}
