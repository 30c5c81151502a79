// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.WardgateException;
import io.wardgate.state.StateReport;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** An append-only, hash-chained, encrypted, crash-safe log in one directory. Thread-safe. */
public final class Journal implements AutoCloseable {

  /** Types below are the journal's own. */
  public static final int FIRST_TYPE = 16;

  private Journal() {}

  /** Opens. */
  public static Journal open(JournalPlace place, Consumer<JournalRecord> replay)
      throws WardgateException {
    return Optional.<Journal>empty().orElseThrow();
  }

  /** Reads only. */
  public static StateReport read(JournalPlace place, Consumer<JournalRecord> reader)
      throws WardgateException {
    return Optional.<StateReport>empty().orElseThrow();
  }

  /** As found at opening, less what was accepted since. */
  public StateReport report() {
    return Optional.<StateReport>empty().orElseThrow();
  }

  /** Appends. */
  public CompletionStage<Long> append(int type, int priority, byte[] payload) {
    return Optional.<CompletionStage<Long>>empty().orElseThrow();
  }

  /** Writes down that the losses of {@link #report} are accepted, and takes over as original. */
  public CompletionStage<Long> accept() {
    return Optional.<CompletionStage<Long>>empty().orElseThrow();
  }

  /** Numbers. */
  public JournalStats stats() {
    return Optional.<JournalStats>empty().orElseThrow();
  }

  @Override
  public void close() {}
}
