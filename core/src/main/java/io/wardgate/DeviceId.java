// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

/**
 * Who a device is: the namespace of the trust anchor that vouches for it, and the serial number it
 * carries there.
 *
 * <p>Equal serials under two anchors are two devices. The empty namespace is the gateway's own
 * authority; its devices are written as the bare serial ({@code pump-0042}), all others as {@code
 * namespace/serial} ({@code acme/pump-0042}).
 *
 * <p>A serial is 1 to 64 characters of the X.520 {@code PrintableString} alphabet that need no
 * quoting anywhere we write them: letters, digits, {@code - . : +}. A namespace is up to 63
 * lower-case letters, digits, {@code - .}. Anything else is refused by the constructor. Immutable
 * and thread-safe.
 *
 * @param namespace the anchor's namespace; empty for the gateway's own authority
 * @param serial the device's serial number within that namespace
 */
public record DeviceId(String namespace, String serial) {

  private static final int MAX_NAMESPACE = 63;
  private static final int MAX_SERIAL = 64;

  /**
   * Checks both parts.
   *
   * @throws IllegalArgumentException if either part breaks the rule above
   */
  public DeviceId {
    if (!isNamespace(namespace)) {
      throw new IllegalArgumentException("not a device namespace");
    }
    if (!isSerial(serial)) {
      throw new IllegalArgumentException(
          "a device serial is 1 to 64 letters, digits or - . : +, and starts with a letter or"
              + " digit");
    }
  }

  /**
   * The device with this serial under the gateway's own authority.
   *
   * @throws IllegalArgumentException if the serial breaks the rule above
   */
  public static DeviceId of(String serial) {
    return new DeviceId("", serial);
  }

  /**
   * Reads what {@link #toString()} wrote.
   *
   * @throws IllegalArgumentException if the text is not a device id
   */
  public static DeviceId parse(String text) {
    int slash = text.indexOf('/');
    if (slash == 0) {
      throw new IllegalArgumentException("not a device namespace");
    }
    return slash < 0 ? of(text) : new DeviceId(text.substring(0, slash), text.substring(slash + 1));
  }

  // Character by character: a registry of a hundred thousand devices is read at every start.

  private static boolean isNamespace(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && !isLower(c) && (i == 0 || (c != '.' && c != '-'))) {
        return false;
      }
    }
    return text.length() <= MAX_NAMESPACE;
  }

  private static boolean isSerial(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetter = isLower(c) || (c >= 'A' && c <= 'Z');
      if (!isDigit(c) && !isLetter && (i == 0 || ".:+-".indexOf(c) < 0)) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_SERIAL;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  /** The bare serial, or {@code namespace/serial}. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? serial : namespace + "/" + serial;
  }
}
