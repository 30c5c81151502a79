// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.WardgateBug;
import io.wardgate.registry.KeyFingerprint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Keys anybody can look up, by their hashes: from manuals, standards, demonstrations and word
 * lists. Whoever uses one has no secret.
 */
public final class KnownKeys {

  private static final String LIST = "known-keys.txt";
  private static final String PRE_SHARED = "psk ";
  private static final String PUBLIC = "spki ";
  private static final Set<String> HASHES = read();

  private KnownKeys() {}

  /** Whether a pre-shared key is one of them. */
  static boolean contain(byte[] preSharedKey) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(preSharedKey);
      return HASHES.contains(PRE_SHARED + HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-256", e);
    }
  }

  /** Whether the private half of a public key is one of them. */
  public static boolean contain(KeyFingerprint publicKey) {
    return HASHES.contains(PUBLIC + publicKey.hex());
  }

  private static Set<String> read() {
    Set<String> hashes = new HashSet<>();
    try (InputStream list = KnownKeys.class.getResourceAsStream(LIST)) {
      if (list == null) {
        throw new WardgateBug(LIST + " is missing");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(list, US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          hashes.add(line);
        }
      }
    } catch (IOException e) {
      throw new WardgateBug(LIST + " does not read", e);
    }
    return Set.copyOf(hashes);
  }
}
