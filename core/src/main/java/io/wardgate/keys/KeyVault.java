// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A place that holds private keys and shared secrets under names, and lends them out for use.
 *
 * <p>A private key is a handle: it may live in hardware and need not be extractable.
 * Implementations are thread-safe. Supports EN 303 645 5.4-1.
 */
public interface KeyVault {

  /** The key pair under {@code alias}, or empty if there is none. */
  Optional<KeyPairEntry> keyPair(String alias);

  /** A fresh copy of the shared secret under {@code alias}, which the caller clears after use. */
  Optional<byte[]> secret(String alias);

  /**
   * A private key's handle and the certificates that speak for it.
   *
   * @param privateKey the handle, usable with {@code java.security.Signature}
   * @param chain the certificate of this key first, then those that issued it, anchor excluded or
   *     last; never empty
   */
  record KeyPairEntry(PrivateKey privateKey, List<X509Certificate> chain) {

    /** Copies the chain; an empty one is refused with {@link IllegalArgumentException}. */
    public KeyPairEntry {
      chain = List.copyOf(chain);
      if (chain.isEmpty()) {
        throw new IllegalArgumentException("a key pair needs at least its own certificate");
      }
    }

    /**
     * Signs something and checks that with the certificate, so that a key that is another's, or
     * that nobody in this JVM can sign with, is found before a peer finds it.
     *
     * @throws WardgateException {@link Reason#TOKEN_UNAVAILABLE} if a token's key does not sign: it
     *     is gone, or {@link JvmProviders#installTokenSignatures} was not called
     * @throws IllegalArgumentException if the key is not the certificate's
     */
    public void requireUsable() throws WardgateException {
      byte[] trial = "wardgate: does this key sign?".getBytes(StandardCharsets.US_ASCII);
      try {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        signature.update(trial);
        byte[] signed = signature.sign();
        Signature check = Signature.getInstance("SHA256withECDSA");
        check.initVerify(chain.get(0).getPublicKey());
        check.update(trial);
        if (!check.verify(signed)) {
          throw new IllegalArgumentException("the private key is not the certificate's");
        }
      } catch (GeneralSecurityException | ProviderException | TokenFailure e) {
        if (privateKey.getEncoded() == null) {
          throw new WardgateException(Reason.TOKEN_UNAVAILABLE, "a token's key does not sign", e);
        }
        throw new IllegalArgumentException("not an EC key pair", e);
      }
    }

    /** Names the subject; the key is never printed. */
    @Override
    public String toString() {
      return "KeyPairEntry[" + chain.get(0).getSubjectX500Principal() + "]";
    }
  }
}
