// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import java.time.Duration;

/**
 * What to do when revocation lists do not say enough. Immutable.
 *
 * @param listRequired whether an end entity whose authority has given no list is refused
 * @param grace how long a list may be overdue; zero refuses at once. Who is let in meanwhile is
 *     told as an alarm
 */
public record RevocationPolicy(boolean listRequired, Duration grace) {

  /** A hospital may be cut off for a long weekend; longer is not a grace but a hole. */
  public static final Duration MAX_GRACE = Duration.ofDays(7);

  /** Authorities need not give lists; those they give must be current. */
  public static final RevocationPolicy DEFAULT = new RevocationPolicy(false, Duration.ZERO);

  /**
   * Checks the grace.
   *
   * @throws IllegalArgumentException if it is negative or above {@link #MAX_GRACE}
   */
  public RevocationPolicy {
    if (grace.isNegative() || grace.compareTo(MAX_GRACE) > 0) {
      throw new IllegalArgumentException("grace is up to " + MAX_GRACE);
    }
  }

  /** What both ask for. */
  RevocationPolicy and(RevocationPolicy other) {
    return new RevocationPolicy(
        listRequired || other.listRequired, grace.compareTo(other.grace) < 0 ? grace : other.grace);
  }
}
