// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.state.Loss;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only, hash-chained, encrypted, crash-safe log in one directory.
 *
 * <p>A record whose stage has completed is there after kill -9 and power loss at any write, or its
 * loss is reported at the next opening; none is ever changed, and only whole segments are removed,
 * which is written down first. Damage is never repaired in silence: what does not hold is left
 * where it is and not handed out. Each opening writes to a new segment under a new key, so that no
 * nonce is ever used twice, whatever was cut, restored or copied. Format and reasons: {@code
 * docs/adr/0006}. One process appends, any may read. Thread-safe. Supports EN 303 645 5.4-1.
 */
public final class Journal implements AutoCloseable {

  /** Types below are the journal's own. */
  public static final int FIRST_TYPE = 16;

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class.getPackageName());
  private static final long CLOSE_MILLIS = 10_000;

  private final JournalPlace place;
  private final Appends appends;
  private final JournalWriter writer;
  private final Thread thread;
  private volatile StateReport report;

  private Journal(JournalPlace place, JournalScan.Result found) {
    this.place = place;
    this.report = found.report();
    this.appends = new Appends(place.limits());
    this.writer = new JournalWriter(place, found);
    this.thread =
        new Thread(this::run, "wardgate-journal-" + place.kind().name().toLowerCase(Locale.ROOT));
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Makes a journal where none is.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if it cannot be written
   * @throws IllegalStateException if there is one
   */
  public static Journal create(JournalPlace place) throws WardgateException {
    SegmentFiles files = new SegmentFiles(place.directory());
    try {
      if (!files.numbers().isEmpty()) {
        throw new IllegalStateException("there is a journal already");
      }
      files.createDirectory();
      place.head().adopt(0);
    } catch (IOException e) {
      throw new WardgateException(Reason.STATE_UNAVAILABLE, place.kind() + " cannot be written", e);
    }
    return open(place, record -> {});
  }

  /**
   * Opens a journal that was made before, and hands its records to {@code replay} in order. Nothing
   * is written until something is appended.
   *
   * <p>Damage does not keep it from opening: {@link #report} tells, and the caller decides. A
   * journal that is gone altogether counts as cut.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} if it was written by a later version; it
   *     is left as it is. {@link Reason#STATE_UNAVAILABLE} if it cannot be read
   */
  public static Journal open(JournalPlace place, Consumer<JournalRecord> replay)
      throws WardgateException {
    return new Journal(place, JournalScan.of(place, replay));
  }

  /**
   * Reads all records without opening the journal; its owner may be appending.
   *
   * @throws WardgateException as for {@link #open}
   */
  public static StateReport read(JournalPlace place, Consumer<JournalRecord> reader)
      throws WardgateException {
    return JournalScan.of(place, reader).report();
  }

  /** What was found at opening, less what was accepted since. */
  public StateReport report() {
    return report;
  }

  /**
   * Appends a record and returns at once.
   *
   * @param type {@value #FIRST_TYPE} to 255
   * @param priority 0, the highest, to 3: which records still find room when the disk is slow
   * @param payload at most {@link JournalLimits#MAX_PAYLOAD_BYTES}; the caller does not change it
   *     any more
   * @return completes with the record's sequence number once it is durable and acknowledged; fails
   *     with a {@link WardgateException}: {@link Reason#OVERLOADED} when too much waits, {@link
   *     Reason#STATE_FULL} at the size limit, {@link Reason#STATE_UNAVAILABLE} if it could not be
   *     written, {@link Reason#CLOSED}. What failed is not in the journal; only if the process ends
   *     before anything else is appended may it turn up again. Dependents run on the journal's
   *     thread and must not wait
   */
  public CompletionStage<Long> append(int type, int priority, byte[] payload) {
    if (type < FIRST_TYPE
        || type > 255
        || priority < 0
        || priority > 3
        || payload.length > JournalLimits.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException("not a record a journal takes");
    }
    return offer(type, priority, payload);
  }

  /**
   * Writes down that somebody accepts the losses of {@link #report}, and that this journal, copy or
   * not, is the one that counts from now on.
   *
   * @return completes with the report that is left; fails as {@link #append} does
   */
  public CompletionStage<StateReport> accept() {
    StateReport found = report;
    List<Notes.Range> ranges =
        found.losses().stream()
            .limit(Notes.MAX_RANGES)
            .map(loss -> new Notes.Range(loss.first(), loss.last()))
            .toList();
    return offer(Notes.ACCEPTANCE, 0, Notes.acceptance(ranges))
        .thenApply(
            sequence -> {
              report = afterAcceptance(found, ranges.size());
              return report;
            });
  }

  /**
   * Removes the oldest records for good, as far as whole segments hold nothing above {@code
   * through}.
   *
   * @return completes once it is written down that they go; what the disk does not let go of then
   *     goes with a later group. Fails as {@link #append} does
   */
  public CompletionStage<Void> release(long through) {
    return offer(Notes.REMOVAL, 0, Notes.removal(through)).thenAccept(sequence -> {});
  }

  /** The journal at work. */
  public JournalStats stats() {
    return writer.stats(appends.count());
  }

  /** Writes what waits, then lets go; idempotent, never throws. */
  @Override
  public void close() {
    appends.close();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletionStage<Long> offer(int type, int priority, byte[] payload) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    long millis = place.clock().millis();
    if (!appends.offer(new Appends.Append(type, priority, millis, payload, done))) {
      writer.countRefused();
    }
    return done;
  }

  private void run() {
    try {
      for (List<Appends.Append> group = take(); !group.isEmpty(); group = take()) {
        writer.commit(group);
      }
    } finally {
      appends.abandon();
      writer.close();
    }
  }

  /**
   * The next group, with no interrupt pending: only a dependent that ran on this thread can have
   * left one, and it would close our channels and keep those who wait from ever being told.
   */
  private List<Appends.Append> take() {
    while (true) {
      try {
        List<Appends.Append> group = appends.take();
        Thread.interrupted();
        return group;
      } catch (InterruptedException e) {
        LOG.debug("the journal's thread was interrupted and goes on", e);
      }
    }
  }

  private static StateReport afterAcceptance(StateReport found, int count) {
    List<Loss> accepted = new ArrayList<>(found.accepted());
    accepted.addAll(found.losses().subList(0, count));
    return new StateReport(
        found.records(),
        found.segments(),
        found.bytes(),
        found.head(),
        found.headHash(),
        found.acknowledged(),
        found.losses().subList(count, found.losses().size()),
        accepted,
        false);
  }
}
