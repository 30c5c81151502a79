// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.pkcs.Pfx;

/**
 * A {@link KeyVault} in one PKCS#12 file (RFC 7292), encrypted and authenticated under an unlock
 * secret that is kept elsewhere.
 *
 * <p>Each change rewrites the whole file through {@link DurableFile}: after a power cut it is the
 * old or the new one, never half of either. The file alone, without the unlock secret, gives up
 * neither keys nor shared secrets. A software vault does not protect against who can read this
 * process's memory. Thread-safe. Supports EN 303 645 5.4-1.
 */
public final class Pkcs12Vault implements KeyVault {

  /** Aliases are compared without case by PKCS#12 stores, so only lower case is taken. */
  private static final String ALIAS_RULE = "[a-z0-9][a-z0-9.:/-]{0,127}";

  /** A vault of ten thousand devices is about 5 MiB; far above that it is not ours. */
  private static final long MAX_FILE_BYTES = 64L << 20;

  private final Path file;
  private final char[] unlockSecret;
  private final KeyStore store;

  private Pkcs12Vault(Path file, char[] unlockSecret, KeyStore store) {
    this.file = file;
    this.unlockSecret = unlockSecret;
    this.store = store;
  }

  /**
   * Makes a new, empty vault file with mode 0600.
   *
   * @throws IllegalArgumentException if the unlock secret is empty
   * @throws IOException if the file exists or cannot be written
   */
  public static Pkcs12Vault create(Path file, char[] unlockSecret) throws IOException {
    if (unlockSecret.length == 0) {
      throw new IllegalArgumentException("an empty unlock secret locks nothing");
    }
    if (Files.exists(file)) {
      throw new IOException("a vault is there already: " + file.getFileName());
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      Pkcs12Vault vault = new Pkcs12Vault(file, unlockSecret.clone(), store);
      vault.save();
      return vault;
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has PKCS12", e);
    }
  }

  /**
   * Opens a vault.
   *
   * @throws WardgateException {@link Reason#VAULT_LOCKED} if the unlock secret does not open it or
   *     the file was damaged; the two look the same by design of PKCS#12
   * @throws IOException if the file cannot be read
   */
  public static Pkcs12Vault open(Path file, char[] unlockSecret)
      throws IOException, WardgateException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new WardgateException(Reason.VAULT_LOCKED, "the vault file is too large to be one");
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      requireAuthenticated(bytes);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), unlockSecret);
      return new Pkcs12Vault(file, unlockSecret.clone(), store);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // Also unchecked: parsers of damaged DER fail in many ways, and the file is not ours to
      // trust.
      throw new WardgateException(
          Reason.VAULT_LOCKED, "wrong unlock secret, or the vault file is damaged", e);
    }
  }

  @Override
  public synchronized Optional<KeyPairEntry> keyPair(String alias) {
    try {
      if (!(store.getKey(alias, unlockSecret) instanceof PrivateKey key)) {
        return Optional.empty();
      }
      List<X509Certificate> chain =
          Arrays.stream(store.getCertificateChain(alias)).map(X509Certificate.class::cast).toList();
      return Optional.of(new KeyPairEntry(key, chain));
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("an entry of an opened vault does not open", e);
    }
  }

  @Override
  public synchronized Optional<byte[]> secret(String alias) {
    try {
      return store.getKey(alias, unlockSecret) instanceof SecretKeySpec key
          ? Optional.of(key.getEncoded())
          : Optional.empty();
    } catch (UnrecoverableKeyException e) {
      throw new WardgateBug("an entry of an opened vault does not open", e);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has AES and PKCS12", e);
    }
  }

  /**
   * Stores a key pair under a new name, durably.
   *
   * @throws IllegalArgumentException if the alias is taken or breaks the rule (lower-case letters,
   *     digits and {@code - . : /}, at most 128)
   * @throws IOException if the file cannot be written; then nothing has changed
   */
  public synchronized void store(String alias, KeyPairEntry entry) throws IOException {
    add(
        alias,
        () ->
            store.setKeyEntry(
                alias,
                entry.privateKey(),
                unlockSecret,
                entry.chain().toArray(new Certificate[0])));
  }

  /**
   * Stores a shared secret under a new name, durably. The array is copied.
   *
   * @throws IllegalArgumentException as for {@link #store}
   * @throws IOException if the file cannot be written; then nothing has changed
   */
  public synchronized void storeSecret(String alias, byte[] secret) throws IOException {
    add(
        alias,
        () ->
            store.setKeyEntry(alias, new SecretKeySpec(secret, "HmacSHA256"), unlockSecret, null));
  }

  /** Stores a key pair in place of whatever has that name, durably: a half-made set of keys. */
  synchronized void replace(String alias, KeyPairEntry entry) throws IOException {
    try {
      store.deleteEntry(alias);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("an opened vault does not let go of an entry", e);
    }
    store(alias, entry);
  }

  /** KeyStore would load a file whose MAC was taken off, and with it whatever was put in. */
  private static void requireAuthenticated(byte[] bytes) throws IOException {
    if (Pfx.getInstance(bytes).getMacData() == null) {
      throw new IOException("the vault file carries no MAC");
    }
  }

  private void add(String alias, Change change) throws IOException {
    if (!alias.matches(ALIAS_RULE)) {
      throw new IllegalArgumentException("not a vault alias");
    }
    try {
      if (store.containsAlias(alias)) {
        throw new IllegalArgumentException("the vault holds something under that name already");
      }
      change.make();
      try {
        save();
      } catch (IOException e) {
        store.deleteEntry(alias);
        throw e;
      }
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("an opened vault does not take an entry", e);
    }
  }

  private void save() throws IOException, GeneralSecurityException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, unlockSecret);
    DurableFile.replace(file, bytes.toByteArray());
  }

  /** Names the file; never what is in it. */
  @Override
  public String toString() {
    return "Pkcs12Vault[" + file.getFileName() + "]";
  }

  @FunctionalInterface
  private interface Change {
    void make() throws GeneralSecurityException;
  }
}
