// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.WardgateBug;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;

/**
 * Which credential a device was given: the SHA-256 of its public key (SubjectPublicKeyInfo, RFC
 * 5280 section 4.1), or of the identity its pre-shared key goes by. Public, and of no use to a
 * thief.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record KeyFingerprint(String hex) {

  /**
   * Checks the digits.
   *
   * @throws IllegalArgumentException if they are not 64 lower-case hexadecimal ones
   */
  public KeyFingerprint {
    if (!HexDigits.exactly(64, hex)) {
      throw new IllegalArgumentException("not a SHA-256 in lower-case hexadecimal");
    }
  }

  /** Of a public key. */
  public static KeyFingerprint of(PublicKey key) {
    return new KeyFingerprint(sha256(key.getEncoded()));
  }

  /** Of a pre-shared key's identity, never of the key. */
  public static KeyFingerprint ofPskIdentity(String identity) {
    return new KeyFingerprint(sha256(("psk " + identity).getBytes(StandardCharsets.UTF_8)));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
