// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How much one session was used. Thread-safe; kept by the session itself. */
final class SessionUse {

  private final LongSupplier nanos;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong lastRequest;

  SessionUse(LongSupplier nanos) {
    this.nanos = nanos;
    this.lastRequest = new AtomicLong(nanos.getAsLong());
  }

  /** Counts a record sent or received. */
  void record() {
    records.incrementAndGet();
  }

  /**
   * Notes a request, and says which limit it is beyond, if it is.
   *
   * @param age since the handshake
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
