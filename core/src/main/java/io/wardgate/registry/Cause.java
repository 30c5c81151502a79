// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why an operator takes a device out of service. Codes are written down and never renamed. */
public enum Cause {
  /** Nobody knows where it is. */
  LOST,
  /** Somebody took it. */
  STOLEN,
  /** Its key is known to others. */
  COMPROMISED,
  /** Two devices come under its name. */
  CLONED,
  /** Another one does its work. */
  REPLACED,
  /** It is being worked on. */
  MAINTENANCE,
  /** Nothing was said. */
  UNSPECIFIED;

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The kebab-case name. */
  public String code() {
    return code;
  }

  /** The cause of that code, or empty if there is none. */
  public static Optional<Cause> of(String code) {
    return Arrays.stream(values()).filter(cause -> cause.code.equals(code)).findFirst();
  }
}
