// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.WardgateException;
import io.wardgate.journal.Journal;
import io.wardgate.journal.JournalRecord;
import io.wardgate.state.Loss;
import io.wardgate.state.StateReport;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes a journal's records as entries of the ledger. The first that cannot be read ends the
 * reading: what comes after it might mean something else.
 */
final class LedgerReader implements Consumer<JournalRecord> {

  /** What is done with an entry. */
  @FunctionalInterface
  interface Each {
    void take(JournalRecord record, LedgerEntry entry);
  }

  /** A journal that is being read. */
  @FunctionalInterface
  interface Reading<T> {
    T by(Consumer<JournalRecord> reader) throws WardgateException;
  }

  private final Each each;

  private LedgerReader(Each each) {
    this.each = each;
  }

  /**
   * Reads with {@code reading}, handing each entry to {@code each}.
   *
   * @throws WardgateException what {@code reading} throws, or {@link
   *     io.wardgate.Reason#STATE_NEWER} or {@link io.wardgate.Reason#STATE_DAMAGED} for an entry
   */
  static <T> T read(Reading<T> reading, Each each) throws WardgateException {
    try {
      return reading.by(new LedgerReader(each));
    } catch (Unreadable e) {
      throw e.refusal;
    }
  }

  /**
   * Reads a ledger that another process may have open.
   *
   * @throws WardgateException as for {@link #read}
   */
  static StateReport verify(LedgerPlace place, Each each) throws WardgateException {
    KnownDevices beginning = new KnownDevices();
    StateReport report =
        read(
            reader -> Journal.read(place.journal(), reader),
            (record, entry) -> {
              if (entry.kind() == EntryKind.GENESIS) {
                beginning.apply(entry);
              }
              each.take(record, entry);
            });
    return reported(report, beginning);
  }

  /**
   * What a journal reports, as a ledger. One without its first entry is not a new one, because that
   * entry is written before anybody knows of the ledger: it was taken away.
   */
  static StateReport reported(StateReport journal, KnownDevices devices) {
    if (devices.ledgerId().isPresent() || !journal.losses().isEmpty()) {
      return journal;
    }
    return new StateReport(
        journal.records(),
        journal.segments(),
        journal.bytes(),
        journal.head(),
        journal.headHash(),
        journal.acknowledged(),
        List.of(new Loss(Loss.Cause.CUT, 1, Math.max(1, journal.acknowledged()), 0, 0, 0)),
        journal.accepted(),
        journal.copied());
  }

  @Override
  public void accept(JournalRecord record) {
    LedgerEntry entry;
    try {
      entry = LedgerFormat.decode(record.type(), record.payload());
    } catch (WardgateException e) {
      throw new Unreadable(e);
    }
    each.take(record, entry);
  }

  /** Carries a refusal through the journal. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final WardgateException refusal;

    Unreadable(WardgateException refusal) {
      super(refusal);
      this.refusal = refusal;
    }
  }
}
