// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.WardgateBug;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What makes a pre-shared key no secret: a pattern, a word, the device's own name in some dress, or
 * a place on a list of published keys; also filled up, repeated, or written in another encoding.
 *
 * <p>Of keys from a good random source one of 16 bytes is taken for a text less than once in a
 * million, one of 32 never.
 */
final class WeakKey {

  /** Below this many different bytes a key is a pattern, whatever it looks like. */
  private static final int MIN_DISTINCT = 8;

  /** People's words have four bits a character, not eight: this many make 128. */
  private static final int MIN_TEXT = 32;

  /** Less than that at the end is chance: a key may well end in a zero. */
  private static final int MIN_FILLING = 4;

  /** A name is looked for within a text from here on: shorter ones are found by chance. */
  private static final int MIN_NAME = 4;

  private static final List<String> DIGESTS = List.of("MD5", "SHA-1", "SHA-256", "SHA-512");

  private WeakKey() {}

  /** Why this key is weak for this device, or empty if it is not. */
  static Optional<String> why(byte[] key, DeviceId device, String identity) {
    if (key.length < PreSharedKey.MIN_KEY_BYTES) {
      return Optional.of("shorter than " + PreSharedKey.MIN_KEY_BYTES + " bytes");
    }
    if (distinct(key) < MIN_DISTINCT || isSequence(key)) {
      return Optional.of("a pattern");
    }
    byte[] bare = unfilled(key);
    byte[] unit = unit(key);
    if (unit.length < PreSharedKey.MIN_KEY_BYTES
        || (bare.length < PreSharedKey.MIN_KEY_BYTES && key.length - bare.length >= MIN_FILLING)) {
      return Optional.of("something short, repeated or filled up");
    }
    Set<String> names = namesOf(device, identity);
    for (byte[] form : formsOf(key, bare, unit)) {
      if (KnownKeys.contain(form)) {
        return Optional.of("published");
      }
      Optional<String> text = textIn(form);
      if (text.isPresent() && without(text.get(), names).length() < MIN_TEXT) {
        return Optional.of("a text of less than " + MIN_TEXT + " characters, names not counted");
      }
    }
    return names.stream().anyMatch(name -> isMadeOf(key, name.getBytes(UTF_8)))
        ? Optional.of("made of the device's name or identity")
        : Optional.empty();
  }

  /** What it may have been before somebody wrote it down in another way. */
  private static List<byte[]> formsOf(byte[] key, byte[] bare, byte[] unit) {
    List<byte[]> forms = new ArrayList<>(List.of(key, bare, unit));
    halved(key).ifPresent(forms::add);
    String written = new String(bare, ISO_8859_1);
    try {
      forms.add(HexFormat.of().parseHex(written));
    } catch (IllegalArgumentException e) {
      // Most keys are not written in hexadecimal.
    }
    try {
      forms.add(Base64.getDecoder().decode(written));
    } catch (IllegalArgumentException e) {
      // Nor in base64.
    }
    return forms;
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

  /** Without what short keys are filled up with, and what ends a line. */
  private static byte[] unfilled(byte[] key) {
    int end = key.length;
    while (end > 0 && isFilling(key[end - 1])) {
      end--;
    }
    return Arrays.copyOf(key, end);
  }

  private static boolean isFilling(byte last) {
    return last == 0 || last == (byte) 0xff || last == ' ' || isBreak(last);
  }

  private static boolean isBreak(int character) {
    return character == '\t' || character == '\r' || character == '\n';
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

  /** Every second byte, if those between are zeros: a text in UTF-16. */
  private static Optional<byte[]> halved(byte[] key) {
    for (int first = 0; first <= 1; first++) {
      boolean zeros = true;
      byte[] half = new byte[(key.length + 1 - first) / 2];
      for (int i = 0; i < key.length; i++) {
        if (i % 2 == first) {
          half[i / 2] = key[i];
        } else {
          zeros &= key[i] == 0;
        }
      }
      if (zeros) {
        return Optional.of(half);
      }
    }
    return Optional.empty();
  }

  /**
   * The text it is: printable ASCII, or mostly letters and digits of it, with others of UTF-8 or
   * Latin-1 between. Stricter for the latter, because half of all bytes are something in Latin-1.
   */
  private static Optional<String> textIn(byte[] form) {
    String text = new String(form, US_ASCII);
    if (text.chars().allMatch(c -> (c >= ' ' && c <= '~') || isBreak(c))) {
      return Optional.of(text);
    }
    String decoded = decoded(form);
    long words = decoded.chars().filter(WeakKey::isOfAWord).count();
    boolean isClean = decoded.chars().noneMatch(c -> Character.isISOControl(c) && !isBreak(c));
    return isClean && words * 8 >= decoded.length() * 7L ? Optional.of(decoded) : Optional.empty();
  }

  private static boolean isOfAWord(int character) {
    return character < 0x80 && (Character.isLetterOrDigit(character) || character == ' ');
  }

  private static String decoded(byte[] form) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(form)).toString();
    } catch (CharacterCodingException e) {
      return new String(form, ISO_8859_1);
    }
  }

  private static String without(String text, Set<String> names) {
    String rest = text.strip();
    for (String name : names) {
      if (name.length() >= MIN_NAME) {
        rest = rest.replace(name, "");
      }
    }
    return rest;
  }

  private static Set<String> namesOf(DeviceId device, String identity) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : List.of(device.toString(), device.serial(), identity)) {
      String bare = name.replaceAll("[^A-Za-z0-9]", "");
      for (String form : List.of(name, bare)) {
        names.add(form);
        names.add(form.toLowerCase(Locale.ROOT));
        names.add(form.toUpperCase(Locale.ROOT));
        names.add(new StringBuilder(form).reverse().toString());
      }
    }
    names.remove("");
    return names;
  }

  private static boolean isMadeOf(byte[] key, byte[] name) {
    if (begins(key, name) || begins(key, hex(name))) {
      return true;
    }
    for (String digest : DIGESTS) {
      try {
        byte[] hash = MessageDigest.getInstance(digest).digest(name);
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
