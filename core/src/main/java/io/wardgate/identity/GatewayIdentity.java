// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.keys.KeyVault;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The key a gateway proves itself with, and the certificates that speak for it. The key stays a
 * handle. Immutable.
 */
public final class GatewayIdentity {

  private final KeyVault.KeyPairEntry entry;

  private GatewayIdentity(KeyVault.KeyPairEntry entry) {
    this.entry = entry;
  }

  /**
   * The key pair under {@code alias} in {@code vault}.
   *
   * @throws IllegalArgumentException if the vault holds no key pair of that name
   */
  public static GatewayIdentity from(KeyVault vault, String alias) {
    return new GatewayIdentity(
        vault
            .keyPair(alias)
            .orElseThrow(
                () -> new IllegalArgumentException("the vault holds no key pair " + alias)));
  }

  /** A key pair at hand. */
  public static GatewayIdentity of(PrivateKey key, List<X509Certificate> chain) {
    return new GatewayIdentity(new KeyVault.KeyPairEntry(key, chain));
  }

  /** The key's handle. */
  public PrivateKey privateKey() {
    return entry.privateKey();
  }

  /** The gateway's certificate first. */
  public List<X509Certificate> chain() {
    return entry.chain();
  }

  /** Names the subject; the key is never printed. */
  @Override
  public String toString() {
    return "GatewayIdentity[" + entry.chain().get(0).getSubjectX500Principal() + "]";
  }
}
