// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.identity.AnchorPurpose;
import io.wardgate.identity.ChainVerifier;
import io.wardgate.identity.RevocationPolicy;
import io.wardgate.identity.Revocations;
import io.wardgate.identity.TrustAnchor;
import io.wardgate.identity.VerifiedChain;
import io.wardgate.time.ClockReading;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A certificate chain to judge, and all it is judged by. Immutable.
 *
 * @param anchors authorities trusted for {@code purpose}, at least one
 * @param intermediates authorities the operator holds
 * @param crls revocation lists, in DER; if there is one, the end entity must be on one's scope
 * @param chain leaf first
 * @param at the moment it is judged at
 * @param purpose what it is for
 */
record PeerCase(
    List<X509Certificate> anchors,
    List<X509Certificate> intermediates,
    List<byte[]> crls,
    List<X509Certificate> chain,
    Instant at,
    Purpose purpose) {

  /** What a chain may be for, as the command line calls it. */
  enum Purpose {
    DEVICE(AnchorPurpose.OPERATOR),
    ENROLMENT(AnchorPurpose.MANUFACTURER),
    GATEWAY(AnchorPurpose.GATEWAY);

    static final String NAMES =
        Arrays.stream(values()).map(Purpose::code).collect(Collectors.joining(", "));

    private final AnchorPurpose anchors;

    Purpose(AnchorPurpose anchors) {
      this.anchors = anchors;
    }

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Purpose> of(String code) {
      return Stream.of(values()).filter(purpose -> purpose.code().equals(code)).findFirst();
    }
  }

  PeerCase {
    anchors = List.copyOf(anchors);
    intermediates = List.copyOf(intermediates);
    crls = List.copyOf(crls);
    chain = List.copyOf(chain);
  }

  /**
   * Judges it.
   *
   * @throws WardgateException with the reason of the first rule that is broken
   */
  VerifiedChain verify() throws WardgateException {
    if (anchors.isEmpty()) {
      throw new WardgateException(Reason.UNKNOWN_AUTHORITY, "no authority is trusted");
    }
    List<TrustAnchor> trusted = new ArrayList<>();
    for (X509Certificate anchor : anchors) {
      if (anchor.getBasicConstraints() < 0) {
        throw new WardgateException(
            Reason.CERTIFICATE_CHAIN_INVALID, "a trust anchor is a certificate authority");
      }
      trusted.add(new TrustAnchor(purpose.anchors, "", anchor));
    }
    RevocationPolicy policy = new RevocationPolicy(!crls.isEmpty(), Duration.ZERO);
    return new ChainVerifier(trusted, intermediates, revocations(), policy)
        .verify(chain, ClockReading.synced(at));
  }

  private Revocations revocations() throws WardgateException {
    Revocations revocations = Revocations.inMemory();
    List<X509Certificate> authorities =
        Stream.of(anchors, intermediates, chain).flatMap(List::stream).toList();
    for (byte[] crl : crls) {
      try {
        revocations.accept(crl, authorities);
      } catch (WardgateException e) {
        // Given in any order; of one authority the latest counts.
        if (e.reason() != Reason.CRL_OLDER) {
          throw e;
        }
      }
    }
    return revocations;
  }

  /** The device it names, if it is of a device and names one. */
  Optional<DeviceId> deviceOf(VerifiedChain verified) throws WardgateException {
    return purpose == Purpose.GATEWAY ? Optional.empty() : ChainVerifier.deviceOf(verified);
  }

  /** How an unnamed peer is called: its subject, on one line. */
  static String subjectOf(VerifiedChain verified) {
    String subject = verified.leaf().getSubjectX500Principal().getName();
    return subject.isEmpty() ? "(no subject)" : PeerCaseReader.oneLine(subject);
  }
}
