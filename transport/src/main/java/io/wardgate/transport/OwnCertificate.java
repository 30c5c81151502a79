// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.WardgateException;
import io.wardgate.keys.KeyVault.KeyPairEntry;
import java.security.cert.X509Certificate;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/** What one end proves itself with, as Scandium wants it. */
final class OwnCertificate {

  private OwnCertificate() {}

  /**
   * Lends a key to handshakes, once it was seen to sign.
   *
   * @throws WardgateException as {@link KeyPairEntry#requireUsable}
   */
  static CertificateProvider of(KeyPairEntry own) throws WardgateException {
    own.requireUsable();
    return new SingleCertificateProvider(
            own.privateKey(), own.chain().toArray(new X509Certificate[0]), CertificateType.X_509)
        // Scandium would try the pair with SHA-1, which a token may not have.
        .setVerifyKeyPair(false);
  }
}
