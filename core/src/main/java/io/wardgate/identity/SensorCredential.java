// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.keys.KeyVault;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a sensor proves itself with, and whom it lets in: the two halves of mutual authentication in
 * one value, so that neither can be forgotten.
 *
 * <p>With a certificate the sensor checks the gateway's certificate; with a pre-shared key both
 * ends prove the same key.
 */
public sealed interface SensorCredential {

  /** A certificate of the sensor's own, and the gateway it trusts. */
  static SensorCredential certificate(
      PrivateKey key, List<X509Certificate> chain, GatewayTrust gateway) {
    return new Certified(new KeyVault.KeyPairEntry(key, chain), gateway);
  }

  /** A key shared with the gateway; the caller may destroy it once the client is closed. */
  static SensorCredential preShared(PreSharedKey key) {
    return new Shared(key);
  }

  /**
   * No credential at all: every gateway refuses it, which is what it is for. Lets a simulator or a
   * test show that refusal; the gateway is still checked.
   */
  static SensorCredential none(GatewayTrust gateway) {
    return new Nothing(gateway);
  }

  /**
   * A certificate of the sensor's own.
   *
   * @param keyPair the key's handle and its certificates
   * @param gateway whom the sensor lets in
   */
  record Certified(KeyVault.KeyPairEntry keyPair, GatewayTrust gateway)
      implements SensorCredential {}

  /**
   * A pre-shared key.
   *
   * @param key the key both ends prove
   */
  record Shared(PreSharedKey key) implements SensorCredential {}

  /**
   * Nothing to prove oneself with.
   *
   * @param gateway whom the sensor lets in
   */
  record Nothing(GatewayTrust gateway) implements SensorCredential {}
}
