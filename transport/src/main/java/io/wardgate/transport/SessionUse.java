// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much one session was used, by a clock that nobody sets. Thread-safe; kept by the session
 * itself.
 */
final class SessionUse {

  private final LongSupplier nanos;
  private final long began;
  private final AtomicLong records;
  private final AtomicLong lastRequest;
  private final AtomicLong forgeries = new AtomicLong();

  /** Once it is beyond a limit it stays there: its end is on the way, and takes a moment. */
  private volatile @Nullable Reason beyond;

  private SessionUse(LongSupplier nanos, long began, long records, long lastRequest) {
    this.nanos = nanos;
    this.began = began;
    this.records = new AtomicLong(records);
    this.lastRequest = new AtomicLong(lastRequest);
  }

  /** Of a session whose secret is agreed on now. */
  static SessionUse begins(LongSupplier nanos) {
    return resumed(nanos, Duration.ZERO);
  }

  /**
   * Of one that was resumed, under new keys.
   *
   * @param age since its secret was agreed on
   */
  static SessionUse resumed(LongSupplier nanos, Duration age) {
    long now = nanos.getAsLong();
    return new SessionUse(nanos, now - age.toNanos(), 0, now);
  }

  /** Of one that goes on over a restart, under the same keys. */
  static SessionUse restored(LongSupplier nanos, Duration age, long records, long lastRequest) {
    return new SessionUse(nanos, nanos.getAsLong() - age.toNanos(), records, lastRequest);
  }

  /** How long ago its secret was agreed on. */
  Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - began);
  }

  /** How long ago its peer last asked for something, or came. */
  Duration silence() {
    return Duration.ofNanos(nanos.getAsLong() - lastRequest.get());
  }

  /** Counts a record sent or received. */
  void record() {
    records.incrementAndGet();
  }

  /**
   * Counts a record that was not its peer's: each uses up a little of what a key is good for (RFC
   * 9147 section 4.5.3). By a bound of its own, for anybody can send them.
   */
  void forgery() {
    forgeries.incrementAndGet();
  }

  /** Notes a request, and says which limit it is beyond, if it is. */
  Optional<Reason> request(SessionLimits limits) {
    long now = nanos.getAsLong();
    Duration silence = Duration.ofNanos(now - lastRequest.getAndSet(now));
    if (beyond == null) {
      if (age().compareTo(limits.age()) > 0) {
        beyond = Reason.SESSION_TOO_OLD;
      } else if (silence.compareTo(limits.silence()) > 0) {
        beyond = Reason.SESSION_IDLE_TOO_LONG;
      } else if (records.get() > limits.records() || forgeries.get() > SessionLimits.MAX_RECORDS) {
        beyond = Reason.SESSION_RECORDS_SPENT;
      }
    }
    return Optional.ofNullable(beyond);
  }
}
