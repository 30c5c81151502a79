// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.WardgateException;
import io.wardgate.identity.GatewayTrust;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.cert.CertPath;
import java.time.InstantSource;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;

/** Asks core whether the other end is the sensor's gateway. */
final class GatewayGate implements NewAdvancedCertificateVerifier {

  private final GatewayTrust trust;
  private final InstantSource clock;

  GatewayGate(GatewayTrust trust, InstantSource clock) {
    this.trust = trust;
    this.clock = clock;
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return List.of(CertificateType.X_509);
  }

  @Override
  public CertificateVerificationResult verifyCertificate(
      ConnectionId cid,
      ServerNames serverName,
      InetSocketAddress remotePeer,
      boolean clientUsage,
      boolean verifySubject,
      boolean truncateCertificatePath,
      CertificateMessage message) {
    CertPath path = message.getCertificateChain();
    try {
      trust.verify(Certificates.chainOf(path), clock.instant());
      return new CertificateVerificationResult(cid, path, null);
    } catch (WardgateException e) {
      return new CertificateVerificationResult(cid, Certificates.refusal(e), null);
    }
  }

  /** Whether the gateway that proved this would still be let in. */
  boolean stands(Principal proved) {
    if (!(proved instanceof X509CertPath chain)) {
      return false;
    }
    try {
      trust.verify(Certificates.chainOf(chain.getPath()), clock.instant());
      return true;
    } catch (WardgateException e) {
      return false;
    }
  }

  @Override
  public List<X500Principal> getAcceptedIssuers() {
    return List.of();
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // Results are given at once.
  }
}
