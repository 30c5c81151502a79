// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

/** The alphabet of SenML names (RFC 8428 section 4.5.1), and what any text must be. */
final class SenmlName {

  private SenmlName() {}

  /** Whether every character is one of letters, digits and {@code - : . / _}. */
  static boolean isOfNameCharacters(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isLetterOrDigit(c) && "-:./_".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean startsWithLetterOrDigit(String name) {
    return !name.isEmpty() && isLetterOrDigit(name.charAt(0));
  }

  /**
   * Whether it is text without control characters, line separators and marks that only format:
   * written down each becomes six characters, in a unit once for each record of a pack.
   */
  static boolean isPlain(String text) {
    return text.chars()
        .noneMatch(
            c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR ->
                      true;
                  default -> false;
                });
  }

  static void requireUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          throw new IllegalArgumentException("half of a surrogate pair");
        }
        i++;
      }
    }
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
