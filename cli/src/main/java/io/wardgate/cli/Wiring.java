// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import java.io.IOException;
import java.nio.file.Files;
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

  /** Where the operating system tells; elsewhere it is taken for a file. */
  static boolean errorsGoToATerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Where systemd hands credentials over, if this runs as its unit. */
  static Optional<Path> systemdCredentials() {
    return Optional.ofNullable(System.getenv("CREDENTIALS_DIRECTORY"))
        .filter(text -> !text.isBlank())
        .map(Path::of);
  }
}
