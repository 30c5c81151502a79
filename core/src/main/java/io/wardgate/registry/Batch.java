// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A number of devices of one model that a production site may give credentials to: what its
 * authorisation says. Immutable.
 *
 * @param id unlike that of any other batch of this ledger
 * @param model what the devices are registered as
 * @param count how many they may be; 1 to {@value #MAX_COUNT}
 * @param station where they may be made
 * @param from when it begins
 * @param until when it ends
 * @param authorisation the SHA-256 of what authorised it, 64 lower-case hexadecimal digits
 */
public record Batch(
    String id,
    Role model,
    int count,
    String station,
    Instant from,
    Instant until,
    String authorisation) {

  /** More than a line makes before anybody looks. */
  public static final int MAX_COUNT = 1_000_000;

  /** Of an id and of a station's name. */
  public static final int MAX_NAME = 40;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if an id or a station is not 1 to {@value #MAX_NAME} letters,
   *     digits or {@code . _ -} that begin with a letter or digit, the count is out of range, or it
   *     ends before it begins
   */
  public Batch {
    if (!isName(id) || !isName(station)) {
      throw new IllegalArgumentException(
          "a batch and a station are named by 1 to " + MAX_NAME + " letters, digits or . _ -");
    }
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("a batch has 1 to " + MAX_COUNT + " devices");
    }
    if (!from.isBefore(until)) {
      throw new IllegalArgumentException("a batch ends after it begins");
    }
    if (!HexDigits.exactly(64, authorisation)) {
      throw new IllegalArgumentException("not a digest in lower-case hexadecimal");
    }
  }

  private static boolean isName(String text) {
    return text.length() <= MAX_NAME && NAME.matcher(text).matches();
  }
}
