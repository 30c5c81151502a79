// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.time.Duration;

/**
 * How long one session may go on before its device has to make a full handshake again. Asked at
 * each request. Immutable.
 *
 * <p>None of this is what keeps a revoked device out: that ends its sessions at once. It bounds how
 * much one set of keys protects.
 *
 * @param age since the handshake; a minute to a year
 * @param silence between two requests; a minute to a year
 * @param records sent and received under one set of keys, at most {@value #MAX_RECORDS}
 */
public record SessionLimits(Duration age, Duration silence, long records) {

  /** What AES-CCM is good for (RFC 9147 section 4.5.3, 2^23); AES-GCM would bear 2^24.5. */
  public static final long MAX_RECORDS = 1L << 23;

  private static final long MIN_RECORDS = 16;
  private static final Duration MIN = Duration.ofMinutes(1);
  private static final Duration MAX = Duration.ofDays(366);

  /**
   * 30 days, 7 days, {@value #MAX_RECORDS} records: a sensor that wakes once a week need not shake
   * hands for it, and one that sends ten times a second does so every five days.
   */
  public static final SessionLimits DEFAULT =
      new SessionLimits(Duration.ofDays(30), Duration.ofDays(7), MAX_RECORDS);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public SessionLimits {
    if (isOutside(age) || isOutside(silence) || records < MIN_RECORDS || records > MAX_RECORDS) {
      throw new IllegalArgumentException(
          "a minute to a year, and " + MIN_RECORDS + " to " + MAX_RECORDS + " records");
    }
  }

  private static boolean isOutside(Duration time) {
    return time.compareTo(MIN) < 0 || time.compareTo(MAX) > 0;
  }
}
