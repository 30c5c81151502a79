// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Where the command line reaches for the system's clock, randomness and environment; nowhere else
 * does.
 */
final class Wiring {

  private Wiring() {}

  static InstantSource clock() {
    return InstantSource.system();
  }

  static SecureRandom random() {
    return new SecureRandom();
  }

  /** Where systemd hands credentials over, if this runs as its unit. */
  static Optional<Path> systemdCredentials() {
    return Optional.ofNullable(System.getenv("CREDENTIALS_DIRECTORY"))
        .filter(text -> !text.isBlank())
        .map(Path::of);
  }
}
