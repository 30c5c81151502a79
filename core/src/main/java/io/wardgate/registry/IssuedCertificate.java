// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import java.security.cert.X509Certificate;

/**
 * A certificate that was given out.
 *
 * @param key its public key
 * @param serial its authority and number
 */
public record IssuedCertificate(KeyFingerprint key, CertificateSerial serial)
    implements IssuedCredential {

  /** What is one of a kind in {@code certificate}. */
  public static IssuedCertificate of(X509Certificate certificate) {
    return new IssuedCertificate(
        KeyFingerprint.of(certificate.getPublicKey()), CertificateSerial.of(certificate));
  }
}
