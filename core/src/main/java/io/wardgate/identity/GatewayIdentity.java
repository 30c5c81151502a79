// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.keys.KeyVault;
import io.wardgate.keys.Pkcs11Vault;
import io.wardgate.keys.TokenHealth;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The key a gateway proves itself with, and the certificates that speak for it. The key stays a
 * handle. Immutable.
 */
public final class GatewayIdentity {

  private final KeyVault.KeyPairEntry entry;
  private final Optional<TokenHealth> token;

  private GatewayIdentity(KeyVault.KeyPairEntry entry, Optional<TokenHealth> token) {
    this.entry = entry;
    this.token = token;
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
                () -> new IllegalArgumentException("the vault holds no key pair " + alias)),
        Optional.empty());
  }

  /**
   * A key that never leaves its token, found by the public key of the first certificate. Handshakes
   * need {@link io.wardgate.keys.JvmProviders#installTokenSignatures} besides.
   *
   * @throws WardgateException {@link Reason#TOKEN_KEY_MISSING}
   */
  public static GatewayIdentity onToken(Pkcs11Vault vault, List<X509Certificate> chain)
      throws WardgateException {
    KeyVault.KeyPairEntry found =
        vault
            .keyPairOf(chain.get(0).getPublicKey())
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.TOKEN_KEY_MISSING,
                        "no key for " + chain.get(0).getSubjectX500Principal()));
    return new GatewayIdentity(
        new KeyVault.KeyPairEntry(found.privateKey(), chain), Optional.of(vault.health()));
  }

  /** A key pair at hand. */
  public static GatewayIdentity of(PrivateKey key, List<X509Certificate> chain) {
    return new GatewayIdentity(new KeyVault.KeyPairEntry(key, chain), Optional.empty());
  }

  /** Key and certificates. */
  public KeyVault.KeyPairEntry keyPair() {
    return entry;
  }

  /** How the token does that the key lies on; empty for a key in software. */
  public Optional<TokenHealth> tokenHealth() {
    return token;
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
