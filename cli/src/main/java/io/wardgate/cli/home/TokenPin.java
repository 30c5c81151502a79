// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.Pkcs11Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where the PIN of a hardware token is read from: the file that was named, else the systemd
 * credential {@value #CREDENTIAL}, else the file beside the token's configuration whose name ends
 * in {@code .pin}. One line; the file is its owner's alone.
 *
 * @param file named on the command line
 * @param credentials the directory systemd hands credentials over in
 */
public record TokenPin(Optional<Path> file, Optional<Path> credentials) {

  /** The name of the systemd credential. */
  public static final String CREDENTIAL = "wardgate-pkcs11-pin";

  private static final int MAX_BYTES = 256;

  /**
   * Opens the token with it. The PIN is tried once.
   *
   * @throws WardgateException {@link Reason#UNLOCK_SECRET_MISSING} or {@link
   *     Reason#UNLOCK_SECRET_EXPOSED} for the file, or what {@link Pkcs11Vault#open} says
   * @throws IOException if it cannot be read
   */
  public Pkcs11Vault open(Path configuration) throws IOException, WardgateException {
    Path place =
        file.or(this::credential)
            .orElseGet(() -> configuration.resolveSibling(configuration.getFileName() + ".pin"));
    if (!Files.exists(configuration)) {
      throw new NoSuchFileException(configuration.toString());
    }
    if (!Files.exists(place)) {
      throw new WardgateException(
          Reason.UNLOCK_SECRET_MISSING, "the token's PIN: there is no file " + place);
    }
    PrivateFiles.requireRegular(place);
    boolean isSystemds = file.isEmpty() && credential().isPresent();
    if (!isSystemds && PrivateFiles.isOpenToOthers(place)) {
      throw new WardgateException(
          Reason.UNLOCK_SECRET_EXPOSED, place + " must have mode 0600 or stricter");
    }
    byte[] bytes = PrivateFiles.readUpTo(place, MAX_BYTES);
    CharBuffer text = UTF_8.decode(ByteBuffer.wrap(bytes));
    char[] pin = firstLine(text);
    try {
      return Pkcs11Vault.open(configuration, pin);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(text.array(), '\0');
      Arrays.fill(pin, '\0');
    }
  }

  private Optional<Path> credential() {
    return credentials.map(directory -> directory.resolve(CREDENTIAL)).filter(Files::exists);
  }

  private static char[] firstLine(CharBuffer text) {
    int length = 0;
    while (length < text.length() && text.charAt(length) != '\n' && text.charAt(length) != '\r') {
      length++;
    }
    char[] line = new char[length];
    text.get(line);
    return line;
  }
}
