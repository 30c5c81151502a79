// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.keys.StateKeys;
import java.util.HexFormat;

/**
 * A shared secret as the ledger knows it: recognised when it comes again, and of no use to who
 * reads it without the vault.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record SecretFingerprint(String hex) {

  /**
   * Checks the digits.
   *
   * @throws IllegalArgumentException if they are not 64 lower-case hexadecimal ones
   */
  public SecretFingerprint {
    if (!HexDigits.exactly(64, hex)) {
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
