// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.keys.StateKeys;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A shared secret as the ledger knows it: recognised when it comes again, and of no use to who
 * reads it without the vault.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record SecretFingerprint(String hex) {

  private static final Pattern HMAC_SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the digits.
   *
   * @throws IllegalArgumentException if they are not 64 lower-case hexadecimal ones
   */
  public SecretFingerprint {
    if (!HMAC_SHA_256.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a fingerprint in lower-case hexadecimal");
    }
  }

  /** Of {@code secret}, under {@code keys}; the secret is not kept. */
  public static SecretFingerprint of(StateKeys keys, byte[] secret) {
    return new SecretFingerprint(HexFormat.of().formatHex(keys.fingerprint(secret)));
  }

  @Override
  public String toString() {
    return hex;
  }
}
