// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * What opens a home's key vault: 32 random bytes, written as 43 characters of base64url.
 *
 * <p>Nothing weaker is taken: what a person thinks up can be guessed by who holds a copy of the
 * vault. Cleared by {@link #close}; never printed.
 */
public final class UnlockSecret implements AutoCloseable {

  /** The text and a line end, and one byte to see that there is more. */
  static final int MAX_FILE_BYTES = 45;

  private static final String BASE64URL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private static final int BYTES = 32;
  private static final int CHARACTERS = 43;

  /** Random text of this length has about 31 different characters; below 16 is no chance. */
  private static final int MIN_DIFFERENT = 16;

  private final char[] text;
  private final Path place;
  private final boolean created;

  private UnlockSecret(char[] text, Path place, boolean created) {
    this.text = text;
    this.place = place;
    this.created = created;
  }

  static UnlockSecret generate(SecureRandom random, Path place) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(bytes);
    Arrays.fill(bytes, (byte) 0);
    return new UnlockSecret(toChars(encoded, encoded.length), place, true);
  }

  /** Takes over {@code content} and clears it. */
  static UnlockSecret parse(byte[] content, Path place) throws WardgateException {
    try {
      int length = content.length;
      if (length > 0 && content[length - 1] == '\n') {
        length--;
      }
      if (length != CHARACTERS || !isRandomText(content, length)) {
        throw new WardgateException(
            Reason.UNLOCK_SECRET_WEAK, place + " does not hold 32 random bytes as base64url");
      }
      return new UnlockSecret(toChars(content, length), place, false);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** A copy for opening a vault, which the caller clears. */
  public char[] copyOfText() {
    return text.clone();
  }

  /** Where it lies. */
  public Path place() {
    return place;
  }

  /** Whether it was made just now. */
  public boolean isNew() {
    return created;
  }

  byte[] fileContent() {
    return (new String(text) + "\n").getBytes(US_ASCII);
  }

  /** Clears it. */
  @Override
  public void close() {
    Arrays.fill(text, '\0');
  }

  /** Where it lies; never what it is. */
  @Override
  public String toString() {
    return "UnlockSecret[" + place + ", redacted]";
  }

  private static boolean isRandomText(byte[] content, int length) {
    boolean[] seen = new boolean[128];
    int different = 0;
    for (int i = 0; i < length; i++) {
      byte c = content[i];
      if (BASE64URL.indexOf(c) < 0) {
        return false;
      }
      if (!seen[c]) {
        seen[c] = true;
        different++;
      }
    }
    return different >= MIN_DIFFERENT;
  }

  private static char[] toChars(byte[] ascii, int length) {
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) ascii[i];
    }
    Arrays.fill(ascii, (byte) 0);
    return chars;
  }
}
