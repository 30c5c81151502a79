// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link KeyVault} in a PKCS#11 token: keys that sign there and never leave it.
 *
 * <p>Keys are found by the certificates beside them, never by label alone, because labels are not
 * unique on a token. EC keys on P-256 and P-384. Shared secrets stay in a software vault. To be
 * used in handshakes a key also needs {@link JvmProviders#installTokenSignatures}. Thread-safe.
 * Supports EN 303 645 5.4-1 and 5.4-2.
 */
public final class Pkcs11Vault implements KeyVault, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Pkcs11Vault.class.getPackageName());

  private final Provider token;
  private final KeyStore store;
  private final TokenSigning signing;

  private Pkcs11Vault(Provider token, KeyStore store, Duration within) {
    this.token = token;
    this.store = store;
    this.signing = new TokenSigning(token, within, System::nanoTime);
  }

  /**
   * Opens a token. The PIN is tried once: a token may lock itself after a few wrong ones.
   *
   * @param configuration a file as the JDK's SunPKCS11 provider reads it ({@code name}, {@code
   *     library}, {@code slotListIndex} or {@code slot})
   * @param pin the user's; the caller clears it
   * @throws WardgateException {@link Reason#TOKEN_PIN_WRONG}, or {@link Reason#TOKEN_UNAVAILABLE}
   */
  public static Pkcs11Vault open(Path configuration, char[] pin) throws WardgateException {
    return open(configuration, pin, TokenSigning.WITHIN);
  }

  static Pkcs11Vault open(Path configuration, char[] pin, Duration within)
      throws WardgateException {
    try {
      Provider pkcs11 = Security.getProvider("SunPKCS11");
      if (pkcs11 == null) {
        throw new WardgateException(
            Reason.TOKEN_UNAVAILABLE, "this Java runtime has no jdk.crypto.cryptoki");
      }
      // An object of its own, never registered: its ciphers and digests are nobody else's business.
      Provider token = pkcs11.configure(configuration.toString());
      KeyStore store = KeyStore.getInstance("PKCS11", token);
      store.load(null, pin);
      return new Pkcs11Vault(token, store, within);
    } catch (IOException e) {
      throw isWrongPin(e)
          ? new WardgateException(Reason.TOKEN_PIN_WRONG, "tried once", e)
          : new WardgateException(Reason.TOKEN_UNAVAILABLE, "the token cannot be opened", e);
    } catch (GeneralSecurityException
        | InvalidParameterException
        | UnsupportedOperationException
        | ProviderException e) {
      throw new WardgateException(Reason.TOKEN_UNAVAILABLE, "no token as " + configuration, e);
    }
  }

  private static boolean isWrongPin(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof FailedLoginException) {
        return true;
      }
    }
    return false;
  }

  /** The key pair of that label; of several none. */
  @Override
  public Optional<KeyPairEntry> keyPair(String alias) {
    return entry(alias);
  }

  /** Every key pair with a certificate on the token. */
  public List<KeyPairEntry> keyPairs() {
    List<KeyPairEntry> found = new ArrayList<>();
    try {
      for (String alias : Collections.list(store.aliases())) {
        entry(alias).ifPresent(found::add);
      }
    } catch (GeneralSecurityException | ProviderException e) {
      lost(e);
    }
    return List.copyOf(found);
  }

  /** The key pair with that public key. */
  public Optional<KeyPairEntry> keyPairOf(PublicKey key) {
    return keyPairs().stream()
        .filter(
            pair ->
                Arrays.equals(pair.chain().get(0).getPublicKey().getEncoded(), key.getEncoded()))
        .findFirst();
  }

  private Optional<KeyPairEntry> entry(String alias) {
    try {
      Certificate[] chain = store.getCertificateChain(alias);
      if (chain == null || !(store.getKey(alias, null) instanceof PrivateKey key)) {
        return Optional.empty();
      }
      List<X509Certificate> certificates =
          Arrays.stream(chain).map(X509Certificate.class::cast).toList();
      return Optional.of(new KeyPairEntry(key, certificates));
    } catch (GeneralSecurityException | ProviderException e) {
      lost(e);
      return Optional.empty();
    }
  }

  private void lost(Exception e) {
    LOG.warn("the token does not show its keys: {}", e.toString());
    signing.health().is(TokenHealth.State.DEGRADED);
  }

  /** None: shared secrets stay in a software vault. */
  @Override
  public Optional<byte[]> secret(String alias) {
    return Optional.empty();
  }

  /** Whether it signs. */
  public TokenHealth health() {
    return signing.health();
  }

  TokenSigning signing() {
    return signing;
  }

  /** Logs out and ends signing; keys lent out do not sign any more. */
  @Override
  public void close() {
    signing.close();
    if (token instanceof AuthProvider session) {
      try {
        session.logout();
      } catch (LoginException e) {
        LOG.debug("the token did not log out", e);
      }
    }
  }
}
