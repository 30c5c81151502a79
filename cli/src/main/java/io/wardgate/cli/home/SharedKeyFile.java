// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.DeviceId;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.KeyFingerprint;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A device's new pre-shared key and the file it is handed out in.
 *
 * <p>The key is the 43 characters of its text, 256 random bits as base64url: some clients take text
 * only. The identity is random, because it travels in clear. Supports EN 303 645 5.1-1 and 5.4-4.
 *
 * @param key whoever made it destroys it
 */
record SharedKeyFile(PreSharedKey key) {

  static final String NAME = "psk.txt";

  /** Identity, key and hexadecimal are 200. */
  static final int MAX_BYTES = 1024;

  private static final String IDENTITY = "identity=";
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int IDENTITY_CHARACTERS = 16;
  private static final int KEY_BYTES = 32;

  static SharedKeyFile generate(DeviceId device, SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    byte[] text = Base64.getUrlEncoder().withoutPadding().encode(bytes);
    try {
      return new SharedKeyFile(new PreSharedKey(device, identity(random), text));
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  private static String identity(SecureRandom random) {
    StringBuilder identity = new StringBuilder("wg-");
    for (int i = 0; i < IDENTITY_CHARACTERS; i++) {
      identity.append(BASE32.charAt(random.nextInt(BASE32.length())));
    }
    return identity.toString();
  }

  /**
   * What the ledger knows the key by that stands in a file of ours.
   *
   * @throws IOException if it is none
   */
  static KeyFingerprint keyOf(byte[] content) throws IOException {
    String text = new String(content, US_ASCII);
    int end = text.indexOf('\n');
    if (!text.startsWith(IDENTITY) || end < 0) {
      throw new IOException("not a pre-shared key's file");
    }
    return KeyFingerprint.ofPskIdentity(text.substring(IDENTITY.length(), end));
  }

  /** Identity, key, and the key in hexadecimal; the caller clears it. */
  byte[] content() {
    byte[] text = key.copyOfKey();
    try {
      return (IDENTITY
              + key.identity()
              + "\nkey="
              + new String(text, US_ASCII)
              + "\nkey-hex="
              + HexFormat.of().formatHex(text)
              + "\n")
          .getBytes(US_ASCII);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }
}
