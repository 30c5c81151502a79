// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import java.security.cert.X509Certificate;

/**
 * A certificate authority, what it is trusted for, and the namespace its names live in. Immutable.
 *
 * @param purpose what it is trusted for
 * @param namespace keeps equal serials of two authorities apart; empty for the gateway's own, and
 *     for authorities of gateways
 * @param certificate the authority's certificate
 */
public record TrustAnchor(AnchorPurpose purpose, String namespace, X509Certificate certificate) {

  /**
   * Checks that it is an authority.
   *
   * @throws IllegalArgumentException if the certificate is not a certificate authority's, or the
   *     namespace breaks the rule of {@link DeviceId}
   */
  public TrustAnchor {
    if (certificate.getBasicConstraints() < 0) {
      throw new IllegalArgumentException("a trust anchor is a certificate authority");
    }
    namespace = new DeviceId(namespace, "0").namespace();
  }
}
