// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.journal.Journal;
import io.wardgate.journal.JournalKind;
import io.wardgate.journal.JournalLimits;
import io.wardgate.journal.JournalLimits.WhenFull;
import io.wardgate.journal.JournalPlace;
import io.wardgate.keys.FileCounter;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened that matters to security, kept so that nobody can change it unseen: encrypted,
 * chained by hashes, and counted outside. It takes up to 64 MiB; then the oldest mebibyte goes,
 * which is written down.
 *
 * <p>Recording never waits. What cannot be written is counted and logged, and serving goes on. Of
 * one kind and reason, or of one kind and device that proved itself, a hundred events below {@link
 * SecurityEvent.Severity#ALERT} are kept at once, then one in thirty seconds, so that neither
 * stranger nor device drives older evidence out within days; how many were left out is recorded
 * after them, in a long flood hourly. Thread-safe.
 */
public final class AuditTrail implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class.getPackageName());
  private static final Duration LOG_EVERY = Duration.ofSeconds(10);

  /** 64 MiB are about 400 000 events, and read in a second. */
  private static final JournalLimits LIMITS =
      new JournalLimits(1 << 20, 64 << 20, WhenFull.DROP_OLDEST, 4096, 1 << 20);

  private static final Executor WHEN_DUE =
      CompletableFuture.delayedExecutor(
          FloodGate.TOLD_AFTER.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);

  private final Journal journal;
  private final InstantSource clock;
  private final LongAdder lost = new LongAdder();
  private final FloodGate gate = new FloodGate();
  private boolean timed;
  private boolean closed;
  private @Nullable Instant logged;

  private AuditTrail(Journal journal, InstantSource clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * Begins a trail in a gateway's state directory.
   *
   * @param stateDirectory is there, mode 0700
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE} if it cannot be written
   * @throws IllegalStateException if there is one
   */
  public static AuditTrail create(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random)
      throws WardgateException {
    return new AuditTrail(Journal.create(place(stateDirectory, keys, clock, random)), clock);
  }

  /**
   * Opens the trail that was {@link #create created} there. One that is gone is reported as rolled
   * back: it is never taken for a new one.
   *
   * @throws WardgateException {@link Reason#STATE_NEWER} if a later version wrote in it, {@link
   *     Reason#STATE_UNAVAILABLE} if it cannot be read; what is damaged or missing in it is told by
   *     {@link #report}
   */
  public static AuditTrail open(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random)
      throws WardgateException {
    JournalPlace place = place(stateDirectory, keys, clock, random);
    return new AuditTrail(Journal.open(place, stored -> {}), clock);
  }

  /**
   * Reads the trail whole and changes nothing; also while a gateway writes it.
   *
   * @throws WardgateException if it cannot be read at all, or holds what is no event
   */
  public static StateReport verify(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random)
      throws WardgateException {
    try {
      return AuditReader.read(
          place(stateDirectory, keys, clock, random), (sequence, hash, entry) -> {});
    } catch (IOException e) {
      throw new WardgateBug("nothing was written", e);
    }
  }

  /**
   * Writes out every event that is sound, a line each, and changes nothing; also while a gateway
   * writes the trail. What is not there to be written is in the report.
   *
   * @throws WardgateException as for {@link #verify}; all that could be read was written
   * @throws IOException if {@code out} takes no more
   */
  public static StateReport export(
      Path stateDirectory,
      StateKeys keys,
      InstantSource clock,
      SecureRandom random,
      AuditFormat format,
      Appendable out)
      throws IOException, WardgateException {
    return AuditReader.read(
        place(stateDirectory, keys, clock, random),
        (sequence, hash, entry) -> out.append(format.line(sequence, hash, entry)).append('\n'));
  }

  /** What opening it found, less what was accepted since. */
  public StateReport report() {
    return journal.report();
  }

  /**
   * Keeps {@code event}, or counts it if there were too many of its kind.
   *
   * @return when it is durable, or counted; fails with {@link WardgateException} if it was lost
   */
  public CompletionStage<Void> record(SecurityEvent event) {
    Instant now = clock.instant();
    synchronized (gate) {
      if (closed) {
        WardgateException failure =
            new WardgateException(Reason.CLOSED, "the audit trail is closed");
        lose(failure);
        return CompletableFuture.failedFuture(failure);
      }
      gate.due(now).forEach(this::append);
      if (gate.lets(event, now)) {
        return append(event);
      }
      tellLater();
      return CompletableFuture.completedFuture(null);
    }
  }

  /** How many events could not be written since it was opened. */
  public long lost() {
    return lost.sum();
  }

  /**
   * Goes on with what {@link #report} found: what is lost is accepted as lost, a copy is the
   * original from now on. An operator decides so, never a program by itself.
   *
   * @return when that is durable; fails with {@link WardgateException} if it could not be written
   */
  public CompletionStage<Void> accept() {
    return journal
        .accept()
        .thenCompose(
            left -> left.losses().isEmpty() ? CompletableFuture.completedFuture(null) : accept());
  }

  /** Writes down what was left out, lets all of it become durable, and closes; idempotent. */
  @Override
  public void close() {
    synchronized (gate) {
      if (closed) {
        return;
      }
      gate.rest(clock.instant()).forEach(this::append);
      closed = true;
    }
    journal.close();
  }

  /** So that a flood with nothing after it is told of too. */
  private void tellLater() {
    if (!timed) {
      timed = true;
      WHEN_DUE.execute(this::tellDue);
    }
  }

  private void tellDue() {
    synchronized (gate) {
      timed = false;
      if (!closed) {
        gate.due(clock.instant()).forEach(this::append);
        if (gate.holdsBack()) {
          tellLater();
        }
      }
    }
  }

  private CompletionStage<Void> append(SecurityEvent event) {
    return journal
        .append(AuditReader.EVENT, priority(event), AuditEntry.of(event).toBytes())
        .whenComplete(
            (sequence, failure) -> {
              if (failure != null) {
                lose(failure);
              }
            })
        .thenAccept(sequence -> {});
  }

  private static int priority(SecurityEvent event) {
    return switch (event.severity()) {
      case ALERT -> 0;
      case WARNING -> 1;
      case INFO -> 2;
    };
  }

  private void lose(Throwable failure) {
    lost.increment();
    Instant now = clock.instant();
    synchronized (lost) {
      if (logged != null && !now.isBefore(logged) && now.isBefore(logged.plus(LOG_EVERY))) {
        return;
      }
      logged = now;
    }
    LOG.error("security events could not be recorded, {} so far", lost.sum(), failure);
  }

  private static JournalPlace place(
      Path stateDirectory, StateKeys keys, InstantSource clock, SecureRandom random) {
    return new JournalPlace(
        stateDirectory.resolve("audit"),
        JournalKind.AUDIT,
        keys,
        FileCounter.at(stateDirectory.resolve("audit.head"), keys),
        LIMITS,
        clock,
        random);
  }
}
