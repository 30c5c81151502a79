// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.time.ClockReading;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Judges a certificate chain by anchors, revocations and time; what is registered here, it does not
 * know.
 *
 * <p>Validates the order the peer gave (RFC 5280 section 6), and never searches for a path in what
 * a peer sends; only certificates the operator holds may complete a chain. At most {@value
 * CertificatePath#MAX_CERTIFICATES} certificates and {@value CertificatePath#MAX_SIGNATURES}
 * signatures are looked at. Immutable and thread-safe. Supports EN 303 645 5.1-3, 5.5-1 and 5.5-4.
 */
public final class ChainVerifier {

  private final List<TrustAnchor> anchors;
  private final List<X509Certificate> intermediates;
  private final Revocations revocations;
  private final RevocationPolicy policy;

  /**
   * A verifier over these anchors.
   *
   * @param anchors at least one; each vouches for its own purpose only
   * @param intermediates authorities the operator holds, for peers that leave them out
   * @throws IllegalArgumentException if there is no anchor: no trust is not any trust
   */
  public ChainVerifier(
      List<TrustAnchor> anchors,
      List<X509Certificate> intermediates,
      Revocations revocations,
      RevocationPolicy policy) {
    if (anchors.isEmpty()) {
      throw new IllegalArgumentException("at least one anchor");
    }
    this.anchors = List.copyOf(anchors);
    this.intermediates = List.copyOf(intermediates);
    this.revocations = revocations;
    this.policy = policy;
  }

  /**
   * Checks a chain, leaf first.
   *
   * @throws WardgateException with the reason of the first rule that is broken
   */
  public VerifiedChain verify(List<X509Certificate> chain, ClockReading now)
      throws WardgateException {
    return new CertificatePath(anchors, intermediates, revocations, policy, now).verify(chain);
  }

  /**
   * The device a verified leaf names, in the namespace of its anchor, or empty if it names none.
   * The rule: the subject's X.520 {@code serialNumber}; without one {@code hw:type:number} of the
   * hardwareModuleName (RFC 4108); without that {@code dev:} and the rest of the device URN (RFC
   * 9039).
   *
   * @throws WardgateException {@link Reason#IDENTITY_MISSING} if it names several, or none that is
   *     a {@link DeviceId}
   */
  public static Optional<DeviceId> deviceOf(VerifiedChain chain) throws WardgateException {
    return DeviceName.in(chain.leaf())
        .map(serial -> new DeviceId(chain.anchor().namespace(), serial));
  }
}
