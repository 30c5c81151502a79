// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The layout of a gateway home: one directory, mode 0700, that holds all a gateway is but the
 * secret that unlocks it. Immutable.
 *
 * @param directory its absolute path
 */
public record GatewayHome(Path directory) {

  /** Linux takes 107 bytes for a Unix socket's path, macOS 103. */
  static final int MAX_SOCKET_PATH_BYTES = 100;

  /**
   * A home that was made by {@link NewHome}.
   *
   * @throws WardgateException {@link Reason#HOME_ERASING} if it is half erased, {@link
   *     Reason#HOME_EXPOSED} if it is open to others or belongs to another user, whose files we
   *     would take away by rewriting them
   * @throws IOException if it is no gateway home
   */
  public static GatewayHome at(Path directory) throws IOException, WardgateException {
    GatewayHome home = new GatewayHome(directory.toAbsolutePath().normalize());
    if (HomeErase.isUnderWay(home.directory)) {
      throw new WardgateException(
          Reason.HOME_ERASING, "see wardgate erase; it goes on from where it was");
    }
    if (!home.isThere()) {
      throw new IOException("not a gateway home: " + directory);
    }
    for (Path path :
        List.of(home.directory, home.vault(), home.configuration(), home.lock(), home.state())) {
      if (PrivateFiles.isOpenToOthers(path)) {
        throw new WardgateException(
            Reason.HOME_EXPOSED, path + " is open to others than its owner");
      }
      if (!PrivateFiles.isOurs(path)) {
        throw new WardgateException(Reason.HOME_EXPOSED, path + " belongs to another user");
      }
    }
    home.requireSocketFits();
    return home;
  }

  /** Keys: device authority, gateway authority, gateway, pre-shared keys; encrypted. */
  public Path vault() {
    return directory.resolve("keys.p12");
  }

  /** The configuration. */
  public Path configuration() {
    return directory.resolve("gateway.toml");
  }

  /** What one process holds while it uses the home. */
  public Path lock() {
    return directory.resolve("lock");
  }

  /** Where a running gateway takes orders from its own user. */
  public Path socket() {
    return directory.resolve("control.sock");
  }

  /** What the gateway must not forget. */
  public Path state() {
    return directory.resolve("state");
  }

  /** The authority that vouches for devices; public. */
  public Path deviceCa() {
    return directory.resolve("device-ca.pem");
  }

  /** The authority that vouches for what this station made, if it is one; public. */
  public Path manufacturerCa() {
    return directory.resolve("manufacturer-ca.pem");
  }

  /** The authority that vouches for the gateway; public, every device gets it. */
  public Path gatewayCa() {
    return directory.resolve("gateway-ca.pem");
  }

  /**
   * Where readings go unless said otherwise: beside the home, because they lie there in plain text,
   * and a copied home must tell nothing.
   */
  public Path readings() {
    return directory.resolveSibling(readingsName());
  }

  /** The name of that file. */
  String readingsName() {
    return directory.getFileName() + ".readings.jsonl";
  }

  /**
   * Whether {@code file} lies in the home, by whatever name.
   *
   * @throws IOException if the path cannot be followed
   */
  public boolean holds(Path file) throws IOException {
    return RealPath.of(file).startsWith(RealPath.of(directory));
  }

  /**
   * Whether {@code file} is one the home itself lives by, or in its state, by whatever name:
   * nothing else may write there.
   *
   * @throws IOException if the path cannot be followed
   */
  public boolean isOwn(Path file) throws IOException {
    Path real = RealPath.of(file);
    for (Path own :
        List.of(
            vault(),
            configuration(),
            lock(),
            socket(),
            state(),
            deviceCa(),
            manufacturerCa(),
            gatewayCa())) {
      if (real.startsWith(RealPath.of(own))
          || (Files.exists(file) && Files.exists(own) && Files.isSameFile(file, own))) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a home here, sound or not. */
  boolean isThere() {
    return Files.isRegularFile(vault()) && Files.isRegularFile(configuration());
  }

  /** Refuses a path no control socket fits behind. */
  void requireSocketFits() throws IOException {
    int bytes = socket().toString().getBytes(UTF_8).length;
    if (bytes > MAX_SOCKET_PATH_BYTES) {
      throw new IOException(
          "the path of the home is too long: its control socket would have "
              + bytes
              + " bytes, and "
              + MAX_SOCKET_PATH_BYTES
              + " is the most that works everywhere");
    }
  }
}
