// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.ca.EcKeys;
import io.wardgate.fixtures.Credential;
import io.wardgate.keys.KeyVault;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal of every format there ever was still opens: these files are never made again.
 *
 * <p>A new format adds a folder, written once with {@code -Dformat.record}. Its secret stands here,
 * because it guards nothing; the key that signed its checkpoints was thrown away.
 */
class FormatFixtureTest {

  private static final Path FIXTURES =
      Path.of(
          System.getProperty("wardgate.root"),
          "core/src/test/resources/io/wardgate/journal/format-" + SegmentHeader.VERSION);

  @TempDir private Path folder;

  @Test
  void format1StillOpens() throws Exception {
    if (Boolean.getBoolean("format.record")) {
      record();
    }
    Path home = copy(FIXTURES, folder.resolve("copy"));
    StateKeys keys = keys(certificate(home.resolve("signer.pem")));
    List<String> texts = new ArrayList<>();
    StateReport report = TestJournal.read(TestJournal.place(home, keys), texts);
    assertThat(texts).containsExactly("second opening", "third opening", "after a removal");
    assertThat(report.standing()).as("a fresh checkout is a copy").isEqualTo(Standing.COPIED);
    assertThat(report.losses()).isEmpty();
    assertThat(report.head()).isEqualTo(8);
    try (TestJournal log = TestJournal.open(TestJournal.place(home, keys))) {
      assertThat(log.journal().report().head()).isEqualTo(8);
    }
  }

  private void record() throws Exception {
    KeyVault.KeyPairEntry signer = newSigner();
    StateKeys keys = StateKeys.in(vault(signer), new SecureRandom()).orElseThrow();
    Path home = Files.createDirectory(folder.resolve("new"));
    JournalPlace place = TestJournal.place(home, keys);
    try (TestJournal log = TestJournal.create(place)) {
      log.append("first opening");
    }
    for (String text : List.of("second opening", "third opening")) {
      try (TestJournal log = TestJournal.open(place)) {
        log.append(text);
      }
    }
    try (TestJournal log = TestJournal.open(place)) {
      TestJournal.await(log.journal().release(1));
      log.append("after a removal");
    }
    Files.writeString(home.resolve("signer.pem"), Credential.pem(signer.chain()));
    copy(home, FIXTURES);
  }

  /** A signing key that is forgotten with this object. */
  private static KeyVault.KeyPairEntry newSigner() throws Exception {
    Path file = Files.createTempDirectory("fixture").resolve("keys.p12");
    var vault = Pkcs12Vault.create(file, "x".toCharArray());
    StateKeys.generate(InstantSource.system(), new SecureRandom()).storeIn(vault);
    return vault.keyPair("state-signer").orElseThrow();
  }

  private static StateKeys keys(X509Certificate signer) throws Exception {
    PrivateKey gone = EcKeys.p256(new SecureRandom()).getPrivate();
    return StateKeys.in(vault(new KeyVault.KeyPairEntry(gone, List.of(signer))), new SecureRandom())
        .orElseThrow();
  }

  private static KeyVault vault(KeyVault.KeyPairEntry signer) throws Exception {
    byte[] secret = MessageDigest.getInstance("SHA-256").digest("fixture".getBytes(UTF_8));
    return new KeyVault() {
      @Override
      public Optional<KeyPairEntry> keyPair(String alias) {
        return Optional.of(signer);
      }

      @Override
      public Optional<byte[]> secret(String alias) {
        return Optional.of(secret.clone());
      }
    };
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }
}
