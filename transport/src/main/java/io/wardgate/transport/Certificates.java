// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.WardgateException;
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

  /** One alert for every reason: a stranger learns that it is refused, not what would please us. */
  static HandshakeException refusal(WardgateException reason) {
    return new HandshakeException(
        "refused", new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE), reason);
  }
}
