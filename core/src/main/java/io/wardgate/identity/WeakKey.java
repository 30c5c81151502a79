// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.WardgateBug;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What makes a pre-shared key no secret: a pattern, a word, the device's own name in some dress, or
 * a place on a list of published keys. A key from a good random source is never met by any of it
 * (less than once in 2^32 of 16 bytes).
 */
final class WeakKey {

  /** Below this many different bytes a key is a pattern, whatever it looks like. */
  private static final int MIN_DISTINCT = 8;

  private static final int MAX_PERIOD = 8;

  /** People's words have four bits a character, not eight: this many make 128. */
  private static final int MIN_TEXT = 32;

  private static final List<String> DIGESTS = List.of("MD5", "SHA-1", "SHA-256", "SHA-512");

  private WeakKey() {}

  /** Why this key is weak for this device, or empty if it is not. */
  static Optional<String> why(byte[] key, DeviceId device, String identity) {
    if (key.length < PreSharedKey.MIN_KEY_BYTES) {
      return Optional.of("shorter than " + PreSharedKey.MIN_KEY_BYTES + " bytes");
    }
    if (distinct(key) < MIN_DISTINCT || hasPeriod(key, MAX_PERIOD) || isSequence(key)) {
      return Optional.of("a pattern");
    }
    if (isText(key) && key.length < MIN_TEXT) {
      return Optional.of("a text of less than " + MIN_TEXT + " characters");
    }
    if (KnownKeys.contain(key)
        || KnownKeys.contain(unpadded(key))
        || KnownKeys.contain(unit(key))) {
      return Optional.of("published");
    }
    return isMadeOf(key, device, identity)
        ? Optional.of("made of the device's name or identity")
        : Optional.empty();
  }

  private static int distinct(byte[] key) {
    boolean[] seen = new boolean[256];
    int count = 0;
    for (byte b : key) {
      if (!seen[b & 0xff]) {
        seen[b & 0xff] = true;
        count++;
      }
    }
    return count;
  }

  private static boolean hasPeriod(byte[] key, int longest) {
    for (int period = 1; period <= longest; period++) {
      if (repeats(key, period)) {
        return true;
      }
    }
    return false;
  }

  private static boolean repeats(byte[] key, int period) {
    return Arrays.equals(key, period, key.length, key, 0, key.length - period);
  }

  private static boolean isSequence(byte[] key) {
    byte step = (byte) (key[1] - key[0]);
    for (int i = 2; i < key.length; i++) {
      if ((byte) (key[i] - key[i - 1]) != step) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(byte[] key) {
    for (byte b : key) {
      if (b < ' ' || b > '~') {
        return false;
      }
    }
    return true;
  }

  /** Without what short keys are filled up with. */
  private static byte[] unpadded(byte[] key) {
    int end = key.length;
    byte last = key[end - 1];
    if (last == 0 || last == ' ' || last == (byte) 0xff) {
      while (end > 0 && key[end - 1] == last) {
        end--;
      }
    }
    return Arrays.copyOf(key, end);
  }

  /** What it is a repetition of, itself if it is none. */
  private static byte[] unit(byte[] key) {
    for (int period = 1; period <= key.length / 2; period++) {
      if (repeats(key, period)) {
        return Arrays.copyOf(key, period);
      }
    }
    return key;
  }

  private static boolean isMadeOf(byte[] key, DeviceId device, String identity) {
    Set<String> texts = new LinkedHashSet<>();
    for (String name : List.of(device.toString(), device.serial(), identity)) {
      String bare = name.replaceAll("[^A-Za-z0-9]", "");
      for (String form : List.of(name, bare)) {
        texts.add(form);
        texts.add(form.toLowerCase(Locale.ROOT));
        texts.add(form.toUpperCase(Locale.ROOT));
        texts.add(new StringBuilder(form).reverse().toString());
      }
    }
    texts.remove("");
    return texts.stream().anyMatch(text -> isMadeOf(key, text.getBytes(UTF_8)));
  }

  private static boolean isMadeOf(byte[] key, byte[] text) {
    if (begins(key, text) || begins(key, hex(text))) {
      return true;
    }
    for (String digest : DIGESTS) {
      try {
        byte[] hash = MessageDigest.getInstance(digest).digest(text);
        if (begins(key, hash) || begins(key, hex(hash))) {
          return true;
        }
      } catch (NoSuchAlgorithmException e) {
        throw new WardgateBug("every Java platform has " + digest, e);
      }
    }
    return false;
  }

  /** Whether one is where the other begins: cut, filled up or repeated. */
  private static boolean begins(byte[] key, byte[] origin) {
    int common = Math.min(key.length, origin.length);
    // Less than eight bytes in common is chance: a serial of two letters begins many keys.
    return (common >= MIN_DISTINCT || (origin.length == common && repeats(key, common)))
        && Arrays.equals(key, 0, common, origin, 0, common);
  }

  private static byte[] hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes).getBytes(UTF_8);
  }
}
