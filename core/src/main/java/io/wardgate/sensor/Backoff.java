// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a sensor waits after failures in a row: doubling from the first wait up to the longest,
 * and of that a random part between half and all, so that a ward of sensors does not come back in
 * one instant. Immutable. Supports EN 303 645 5.9-3.
 *
 * @param first after the first failure, at least 10 milliseconds
 * @param longest never more than this, at least {@code first} and at most a day
 */
public record Backoff(Duration first, Duration longest) {

  private static final Duration LEAST = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofDays(1);

  /**
   * 1 second, because a lost handshake is common on radio; at most 1 minute, because a ward should
   * be whole again within two after a gateway's return.
   */
  public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private static final int MOST_DOUBLINGS = 20;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if out of range
   */
  public Backoff {
    if (longest.compareTo(MOST) > 0 || first.compareTo(LEAST) < 0 || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "first is at least 10 ms and at most longest, and longest at most a day");
    }
  }

  /** The wait after {@code failures} failures in a row, which is 1 or more. */
  Duration after(int failures, RandomGenerator random) {
    long doubled = first.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
    long full = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
  }
}
