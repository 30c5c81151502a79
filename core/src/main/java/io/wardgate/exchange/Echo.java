// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A value that one end sends to see it again soon (RFC 9175 section 2): who repeats it is there
 * now. Immutable.
 *
 * @param hex 1 to 40 bytes in lower-case hexadecimal
 */
public record Echo(String hex) {

  /** The longest the option may be. */
  public static final int MAX_BYTES = 40;

  private static final Pattern FORM = Pattern.compile("([0-9a-f]{2}){1," + MAX_BYTES + "}");

  /**
   * Checks the length.
   *
   * @throws IllegalArgumentException if it is not 1 to 40 bytes
   */
  public Echo {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("an Echo is 1 to " + MAX_BYTES + " bytes");
    }
  }

  /** Of these bytes. */
  public static Echo of(byte[] bytes) {
    return new Echo(HexFormat.of().formatHex(bytes));
  }

  /** Its bytes. */
  public byte[] toBytes() {
    return HexFormat.of().parseHex(hex);
  }
}
