// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import java.security.PrivateKey;
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

    /** Names the subject; the key is never printed. */
    @Override
    public String toString() {
      return "KeyPairEntry[" + chain.get(0).getSubjectX500Principal() + "]";
    }
  }
}
