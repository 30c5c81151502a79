// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How much one session was used. Thread-safe; kept by the session itself. */
final class SessionUse {

  private final LongSupplier nanos;
  private final AtomicLong records;
  private final AtomicLong lastRequest;
  private final OptionalLong since;

  private SessionUse(LongSupplier nanos, long records, long lastRequest, OptionalLong since) {
    this.nanos = nanos;
    this.records = new AtomicLong(records);
    this.lastRequest = new AtomicLong(lastRequest);
    this.since = since;
  }

  /** Of a session that begins. */
  SessionUse(LongSupplier nanos) {
    this(nanos, 0, nanos.getAsLong(), OptionalLong.empty());
  }

  /** Of one that was resumed, under new keys. */
  SessionUse(LongSupplier nanos, long since) {
    this(nanos, 0, nanos.getAsLong(), OptionalLong.of(since));
  }

  /** Of one that goes on over a restart, under the same keys. */
  SessionUse(LongSupplier nanos, long records, long lastRequest, long since) {
    this(nanos, records, lastRequest, OptionalLong.of(since));
  }

  /**
   * When its secret was agreed on, milliseconds since 1970, if that was before its last handshake.
   */
  OptionalLong since() {
    return since;
  }

  /** Counts a record sent or received. */
  void record() {
    records.incrementAndGet();
  }

  /**
   * Notes a request, and says which limit it is beyond, if it is.
   *
   * @param age since the last whole handshake
   */
  Optional<Reason> request(SessionLimits limits, Duration age) {
    long now = nanos.getAsLong();
    Duration silence = Duration.ofNanos(now - lastRequest.getAndSet(now));
    // A clock that was set back makes no session younger than none.
    if (age.isNegative() || age.compareTo(limits.age()) > 0) {
      return Optional.of(Reason.SESSION_TOO_OLD);
    }
    if (silence.compareTo(limits.silence()) > 0) {
      return Optional.of(Reason.SESSION_IDLE_TOO_LONG);
    }
    return records.get() > limits.records()
        ? Optional.of(Reason.SESSION_RECORDS_SPENT)
        : Optional.empty();
  }
}
