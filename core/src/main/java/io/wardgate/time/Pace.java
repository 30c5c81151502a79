// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each of many may do something: so many times at once, and then one more each while.
 * Remembers a bounded number of them; who did it least recently is forgotten, and begins anew.
 * Thread-safe by one lock, held for a map access.
 *
 * @param <K> what tells one from another
 */
public final class Pace<K> {

  private final LongSupplier nanos;
  private final long atOnceNanos;
  private final long oneMoreNanos;

  /** When each has none left to answer for. */
  private final Map<K, Long> clearAt;

  /**
   * A pace.
   *
   * @param nanos a clock that only goes forward, {@code System::nanoTime}
   * @param atOnce how many times at once, 1 or more
   * @param oneMoreAfter how long until there is one more
   * @param remembered how many are told apart
   */
  public Pace(LongSupplier nanos, int atOnce, Duration oneMoreAfter, int remembered) {
    this.nanos = nanos;
    this.oneMoreNanos = oneMoreAfter.toNanos();
    this.atOnceNanos = Math.multiplyExact(atOnce, oneMoreNanos);
    this.clearAt =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
            return size() > remembered;
          }
        };
  }

  /** Whether it may be done {@code times} more now. Notes nothing. */
  public synchronized boolean allows(K who, int times) {
    return after(who, times, nanos.getAsLong()) <= atOnceNanos;
  }

  /** Notes that it was done {@code times} more. */
  public synchronized void note(K who, int times) {
    long now = nanos.getAsLong();
    clearAt.put(who, now + after(who, times, now));
  }

  /** Notes it if it may be done, and says whether it may. */
  public synchronized boolean take(K who, int times) {
    boolean allowed = allows(who, times);
    if (allowed) {
      note(who, times);
    }
    return allowed;
  }

  private long after(K who, int times, long now) {
    Long clear = clearAt.get(who);
    long left = clear == null ? 0 : Math.max(0, clear - now);
    return left + times * oneMoreNanos;
  }
}
