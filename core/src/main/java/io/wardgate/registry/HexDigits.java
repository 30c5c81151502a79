// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

/** Lower-case hexadecimal digits. Checked one by one: a ledger has a hundred thousand times 64. */
final class HexDigits {

  private HexDigits() {}

  /** Whether {@code text} from {@code from} on is nothing but digits. */
  static boolean all(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code text} is exactly {@code count} digits. */
  static boolean exactly(int count, String text) {
    return text.length() == count && all(text, 0);
  }
}
