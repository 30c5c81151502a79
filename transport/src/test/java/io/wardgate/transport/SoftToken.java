// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * A SoftHSM2 token of a test. SoftHSM reads its own configuration from an environment variable, so
 * who uses one runs in a JVM of its own that was started with it.
 */
final class SoftToken {

  static final String ENVIRONMENT = "SOFTHSM2_CONF";
  static final String PIN = "493817";

  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  private SoftToken() {}

  /** Makes an empty token in {@code folder} and returns SoftHSM's own configuration. */
  static Path make(Path folder) throws IOException {
    Path tokens = Files.createDirectory(folder.resolve("tokens"));
    Path own = folder.resolve("softhsm2.conf");
    Files.writeString(own, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
    Peer.Outcome made =
        Peer.of(
                "env",
                ENVIRONMENT + "=" + own,
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "wardgate",
                "--so-pin",
                "8472913",
                "--pin",
                PIN)
            .run(Duration.ofSeconds(20));
    if (made.exitCode() != 0) {
      throw new IOException(made.output());
    }
    Files.writeString(
        configuration(folder),
        "name = SoftToken\nlibrary = " + LIBRARY + "\nslotListIndex = 0\nshowInfo = false\n");
    return own;
  }

  /** What the JDK's SunPKCS11 is configured with. */
  static Path configuration(Path folder) {
    return folder.resolve("pkcs11.cfg");
  }

  /** Puts a key with its certificates on the token of this JVM. */
  static void put(Path folder, String label, Credential credential)
      throws IOException, GeneralSecurityException {
    store(folder)
        .setKeyEntry(
            label, credential.key(), null, credential.chain().toArray(new X509Certificate[0]));
  }

  /** Takes the key of that label away, as a token that breaks would. */
  static void take(Path folder, String label) throws IOException, GeneralSecurityException {
    store(folder).deleteEntry(label);
  }

  private static KeyStore store(Path folder) throws IOException, GeneralSecurityException {
    Provider token = Security.getProvider("SunPKCS11").configure(configuration(folder).toString());
    KeyStore store = KeyStore.getInstance("PKCS11", token);
    store.load(null, PIN.toCharArray());
    return store;
  }
}
