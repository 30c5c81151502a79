// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows down who keeps failing to prove an identity (EN 303 645 5.1-5): after {@value #FREE}
 * failures it is not listened to for a second, after one more for two, up to a minute.
 *
 * <p>Counts by claimed identity and source together, and only sources that returned a cookie: so
 * nobody is locked out by who forges his address, or who claims his name from elsewhere. Remembers
 * {@value #REMEMBERED} of them, the least recent goes. Thread-safe by one lock, held for a map
 * access.
 */
final class Attempts {

  static final int FREE = 5;
  static final int REMEMBERED = 4096;
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final int LONGEST_SHIFT = 6;

  private final LongSupplier nanos;
  private final Map<Claim, History> histories = new Recent<>(REMEMBERED);

  Attempts(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** An identity, and who says it is his. */
  private record Claim(String identity, Source source) {}

  private static final class History {
    private int failures;
    private long last;
    private int underWay;
    private long begun;

    /** An attempt that was never heard of again is over: no handshake takes this long. */
    void forgetOld(long now) {
      if (now - begun > LONGEST_NANOS) {
        underWay = 0;
      }
    }
  }

  /** Whether that source may try to prove that identity now. */
  synchronized boolean mayTry(String identity, InetSocketAddress source) {
    History history = histories.get(claim(identity, source));
    return history == null || mayTry(history, nanos.getAsLong());
  }

  private static boolean mayTry(History history, long now) {
    history.forgetOld(now);
    return history.failures + history.underWay < FREE
        || (history.underWay == 0
            && history.failures >= FREE
            && now - history.last >= pause(history.failures));
  }

  /**
   * The same for what can be guessed, and notes that it begins. What is under way counts as if it
   * failed: who guesses does not guess more by guessing at once.
   */
  synchronized boolean begin(String identity, InetSocketAddress source) {
    long now = nanos.getAsLong();
    History history = histories.computeIfAbsent(claim(identity, source), k -> new History());
    boolean isAllowed = mayTry(history, now);
    if (isAllowed) {
      history.underWay++;
      history.begun = now;
    }
    return isAllowed;
  }

  /** Notes that it did not prove it. */
  synchronized void failed(String identity, InetSocketAddress source) {
    long now = nanos.getAsLong();
    History history = histories.computeIfAbsent(claim(identity, source), k -> new History());
    if (history.failures > 0 && now - history.last > 2 * LONGEST_NANOS) {
      history.failures = 0;
    }
    history.underWay = Math.max(0, history.underWay - 1);
    history.failures++;
    history.last = now;
  }

  /** Notes that it did. */
  synchronized void succeeded(String identity, InetSocketAddress source) {
    histories.remove(claim(identity, source));
  }

  private static long pause(int failures) {
    int doublings = Math.min(failures - FREE, LONGEST_SHIFT);
    return Math.min(TimeUnit.SECONDS.toNanos(1L << doublings), LONGEST_NANOS);
  }

  private static Claim claim(String identity, InetSocketAddress source) {
    return new Claim(identity, Source.of(source));
  }
}
