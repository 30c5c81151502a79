// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.WardgateBug;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tells this installation of an operating system from others: its machine id (machine-id(5)),
 * hashed, because that is to be kept to the machine.
 */
final class HostId {

  private static final Logger LOG = LoggerFactory.getLogger(HostId.class.getPackageName());
  private static final List<Path> PLACES =
      List.of(Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));
  private static final int MAX_BYTES = 256;

  private HostId() {}

  /** The id, or of a machine that has none the same for all of those. */
  static byte[] get() {
    return of(PLACES);
  }

  static byte[] of(List<Path> places) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("wardgate host 1 ".getBytes(US_ASCII));
      for (Path place : places) {
        byte[] id = read(place);
        if (id.length > 0) {
          return digest.digest(id);
        }
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-256", e);
    }
  }

  private static byte[] read(Path place) {
    try (var in = Files.newInputStream(place)) {
      return in.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      LOG.debug("no machine id at {}", place, e);
      return new byte[0];
    }
  }
}
