// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.registry.KeyFingerprint;
import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.jspecify.annotations.Nullable;

/** What both ends' verifiers share: reading a chain, and refusing one without saying why. */
final class Certificates {

  private Certificates() {}

  static List<X509Certificate> chainOf(@Nullable CertPath path) {
    return path == null
        ? List.of()
        : path.getCertificates().stream().map(X509Certificate.class::cast).toList();
  }

  /** What a certificate would prove, as {@link Attempts} counts it. */
  static String keyOf(X509Certificate certificate) {
    return KeyFingerprint.of(certificate.getPublicKey()).hex();
  }

  /**
   * One alert for every reason but one: a stranger learns that it is refused, not what would please
   * us. Who was revoked is told not to try again; so is who shows its certificate, which anybody
   * who saw a handshake can: the key is proved after the certificate.
   */
  static HandshakeException refusal(WardgateException reason) {
    return new HandshakeException(
        "refused", new AlertMessage(AlertLevel.FATAL, alertFor(reason.reason())), reason);
  }

  private static AlertDescription alertFor(Reason reason) {
    return switch (reason) {
      case DEVICE_REVOKED, CERTIFICATE_REVOKED -> AlertDescription.CERTIFICATE_REVOKED;
      default -> AlertDescription.BAD_CERTIFICATE;
    };
  }
}
