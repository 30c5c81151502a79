// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.identity.CertificateForm.Place;
import io.wardgate.time.ClockReading;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One verification of one chain: the checks every certificate chain goes through, whichever side
 * sent it. Used once, by one thread.
 *
 * <p>Order matters: trust before dates, so that a stranger learns nothing about what would be wrong
 * with a certificate of ours; purpose on a chain that holds; revocation last.
 */
final class CertificatePath {

  /** Leaf and three authorities; deeper chains only cost time. */
  static final int MAX_CERTIFICATES = 4;

  /** About eight times a device certificate; stops a peer from feeding us megabytes of DER. */
  static final int MAX_CERTIFICATE_BYTES = 4096;

  /** Sixteen times what an honest chain needs: a bound on work, not on time, so it is the same. */
  static final int MAX_SIGNATURES = 64;

  static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  private final List<TrustAnchor> anchors;
  private final List<X509Certificate> intermediates;
  private final Revocations revocations;
  private final RevocationPolicy policy;
  private final ClockReading now;
  private final List<Candidate> candidates = new ArrayList<>();
  private int signatures;

  CertificatePath(
      List<TrustAnchor> anchors,
      List<X509Certificate> intermediates,
      Revocations revocations,
      RevocationPolicy policy,
      ClockReading now) {
    this.anchors = anchors;
    this.intermediates = intermediates;
    this.revocations = revocations;
    this.policy = policy;
    this.now = now;
  }

  /** The part of a chain that counts, leaf first, and the anchor it ends at. */
  private record Candidate(List<X509Certificate> path, TrustAnchor anchor) {}

  /**
   * Checks {@code chain}, leaf first.
   *
   * @throws WardgateException with the reason of the first rule that is broken
   */
  VerifiedChain verify(List<X509Certificate> chain) throws WardgateException {
    if (chain.isEmpty()) {
      throw new WardgateException(Reason.NO_CREDENTIAL, "an empty certificate chain");
    }
    requireSize(chain);
    findAnchors(chain);
    if (candidates.isEmpty()) {
      throw new WardgateException(Reason.UNKNOWN_AUTHORITY, "no anchor vouches for the chain");
    }
    requireOrder(chain);
    List<WardgateException> refusals = new ArrayList<>();
    // More than one if an authority was renewed, or the operator holds it twice: any will do.
    for (Candidate candidate : candidates) {
      try {
        return verify(candidate);
      } catch (WardgateException e) {
        refusals.add(e);
      }
    }
    throw refusals.get(0);
  }

  private VerifiedChain verify(Candidate candidate) throws WardgateException {
    X509Certificate anchor = candidate.anchor().certificate();
    List<X509Certificate> path = candidate.path();
    AnchorPurpose purpose = candidate.anchor().purpose();
    requireValidNow(anchor);
    for (X509Certificate certificate : path) {
      requireValidNow(certificate);
    }
    requireForm(path, anchor, purpose == AnchorPurpose.GATEWAY);
    requireAnchorPermits(path, anchor, purpose);
    NameRules.require(path, anchor);
    requirePath(path, anchor);
    requirePurpose(path, purpose);
    List<Link> links = Link.of(path, anchor, namesakesOf(candidate.anchor()));
    requireSecretKeys(links);
    boolean overdue = revocations.require(links, policy, now);
    return new VerifiedChain(path, candidate.anchor(), links, overdue);
  }

  /** The same authority with other keys: renewed, and trusted before and after. */
  private List<X509Certificate> namesakesOf(TrustAnchor anchor) {
    return anchors.stream()
        .filter(
            other ->
                other.purpose() == anchor.purpose()
                    && other.namespace().equals(anchor.namespace())
                    && !other.certificate().equals(anchor.certificate())
                    && other
                        .certificate()
                        .getSubjectX500Principal()
                        .equals(anchor.certificate().getSubjectX500Principal()))
        .map(TrustAnchor::certificate)
        .toList();
  }

  private static void requireSecretKeys(List<Link> links) throws WardgateException {
    for (Link link : links) {
      if (KnownKeys.contain(link.key()) || KnownKeys.contain(link.authority().key())) {
        throw new WardgateException(Reason.KEY_PUBLICLY_KNOWN, link.serial().toString());
      }
    }
  }

  private static void requireSize(List<X509Certificate> chain) throws WardgateException {
    if (chain.size() > MAX_CERTIFICATES) {
      throw invalid(chain.size() + " certificates in one chain");
    }
    for (X509Certificate certificate : chain) {
      try {
        if (certificate.getEncoded().length > MAX_CERTIFICATE_BYTES) {
          throw invalid("a certificate of more than " + MAX_CERTIFICATE_BYTES + " bytes");
        }
      } catch (CertificateEncodingException e) {
        throw new WardgateException(
            Reason.CERTIFICATE_CHAIN_INVALID, "a certificate that does not encode", e);
      }
    }
  }

  /**
   * Walks up from the leaf and stops at the first anchor, so that the leaf alone decides whose it
   * is: what a peer appends to its chain must not move it to another anchor's namespace.
   */
  private void findAnchors(List<X509Certificate> chain) throws WardgateException {
    for (int i = 0; i < chain.size(); i++) {
      X509Certificate certificate = chain.get(i);
      // A chain that is only the anchor would let an authority pose as a device.
      Optional<TrustAnchor> itself = i == 0 ? Optional.empty() : anchorOf(certificate);
      if (itself.isPresent()) {
        candidates.add(new Candidate(chain.subList(0, i), itself.get()));
        return;
      }
      if (findAnchorsAbove(chain.subList(0, i + 1))) {
        return;
      }
    }
    complete(chain);
  }

  /** Goes on with what the operator holds, where the peer's own certificates end. */
  private void complete(List<X509Certificate> path) throws WardgateException {
    if (path.size() == MAX_CERTIFICATES) {
      return;
    }
    X509Certificate top = path.get(path.size() - 1);
    for (X509Certificate above : intermediates) {
      if (!path.contains(above) && isIssuedBy(top, above)) {
        List<X509Certificate> longer = new ArrayList<>(path);
        longer.add(above);
        if (!findAnchorsAbove(longer)) {
          complete(longer);
        }
      }
    }
  }

  private boolean findAnchorsAbove(List<X509Certificate> path) throws WardgateException {
    boolean found = false;
    for (TrustAnchor anchor : anchors) {
      if (isIssuedBy(path.get(path.size() - 1), anchor.certificate())) {
        candidates.add(new Candidate(List.copyOf(path), anchor));
        found = true;
      }
    }
    return found;
  }

  private Optional<TrustAnchor> anchorOf(X509Certificate certificate) {
    return anchors.stream().filter(a -> a.certificate().equals(certificate)).findFirst();
  }

  /** Also above the anchor: who sends certificates that do not belong there is not one of ours. */
  private void requireOrder(List<X509Certificate> chain) throws WardgateException {
    for (int i = 1; i < chain.size(); i++) {
      if (!isIssuedBy(chain.get(i - 1), chain.get(i))) {
        throw invalid("certificate " + i + " did not issue the one before");
      }
    }
  }

  private boolean isIssuedBy(X509Certificate certificate, X509Certificate authority)
      throws WardgateException {
    if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
      return false;
    }
    if (!Signatures.isAllowed(certificate.getSigAlgOID())
        || !Signatures.isAllowed(authority.getPublicKey())) {
      // By the name alone: refused as what it is by CertificateForm, before anything is believed.
      return true;
    }
    signatures++;
    if (signatures > MAX_SIGNATURES) {
      throw invalid("more than " + MAX_SIGNATURES + " signatures to look at");
    }
    return isSignedBy(certificate, authority);
  }

  /** Whether an anchor is, or signed, a certificate of this chain, whatever else holds. */
  static boolean anySigned(List<X509Certificate> chain, List<X509Certificate> anchors) {
    return anchors.stream()
        .anyMatch(
            anchor -> chain.stream().anyMatch(c -> c.equals(anchor) || isSignedBy(c, anchor)));
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      return Signatures.verify(
          authority.getPublicKey(),
          certificate.getSigAlgOID(),
          certificate.getTBSCertificate(),
          certificate.getSignature());
    } catch (CertificateEncodingException e) {
      return false;
    }
  }

  private void requireValidNow(X509Certificate certificate) throws WardgateException {
    Instant last = certificate.getNotAfter().toInstant();
    if (now.certainlyAfter(last)) {
      throw new WardgateException(Reason.CERTIFICATE_EXPIRED, "valid until " + last);
    }
    Instant first = certificate.getNotBefore().toInstant();
    if (now.certainlyBefore(first)) {
      throw new WardgateException(Reason.CERTIFICATE_NOT_YET_VALID, "valid from " + first);
    }
  }

  private static void requireForm(
      List<X509Certificate> path, X509Certificate anchor, boolean byTheLetter)
      throws WardgateException {
    CertificateForm.require(anchor, Place.ANCHOR, byTheLetter);
    for (int i = path.size() - 1; i >= 0; i--) {
      CertificateForm.require(
          path.get(i), i == 0 ? Place.END_ENTITY : Place.AUTHORITY, byTheLetter);
    }
  }

  /** What validators leave out, because to them an anchor is a name and a key. */
  private static void requireAnchorPermits(
      List<X509Certificate> path, X509Certificate anchor, AnchorPurpose purpose)
      throws WardgateException {
    boolean[] usage = anchor.getKeyUsage();
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      throw invalid("the anchor's key may not certify");
    }
    int below = 0;
    for (X509Certificate certificate : path.subList(1, path.size())) {
      boolean isRenewal =
          certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
      below += isRenewal ? 0 : 1;
      requireAuthority(certificate, purpose);
    }
    if (below > anchor.getBasicConstraints()) {
      throw invalid("the anchor allows no such long path");
    }
    requireExtendedUse(anchor, purpose, false);
  }

  private static void requireAuthority(X509Certificate certificate, AnchorPurpose purpose)
      throws WardgateException {
    boolean[] usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0 || usage == null || !usage[KEY_CERT_SIGN]) {
      throw invalid("an authority that may not certify");
    }
    requireExtendedUse(certificate, purpose, false);
  }

  private void requirePath(List<X509Certificate> path, X509Certificate anchor)
      throws WardgateException {
    try {
      // SUN by name: an application that put another provider first must not change what we check.
      CertPath certPath = CertificateFactory.getInstance("X.509", "SUN").generateCertPath(path);
      PKIXParameters parameters =
          new PKIXParameters(Set.of(new java.security.cert.TrustAnchor(anchor, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(momentWithin(path)));
      CertPathValidator.getInstance("PKIX", "SUN").validate(certPath, parameters);
    } catch (CertPathValidatorException e) {
      throw new WardgateException(
          e.getReason() == BasicReason.EXPIRED
              ? Reason.CERTIFICATE_EXPIRED
              : Reason.CERTIFICATE_CHAIN_INVALID,
          "certificate " + e.getIndex() + " of the chain does not hold",
          e);
    } catch (CertificateException | InvalidAlgorithmParameterException e) {
      throw new WardgateException(Reason.CERTIFICATE_CHAIN_INVALID, "not a certificate path", e);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has the SUN provider's PKIX", e);
    }
  }

  /** Now, or by a clock that only knows a bound, the earliest moment the path can be of. */
  private Instant momentWithin(List<X509Certificate> path) {
    Instant moment = now.instant();
    for (X509Certificate certificate : path) {
      Instant first = certificate.getNotBefore().toInstant();
      moment = first.isAfter(moment) ? first : moment;
    }
    return moment;
  }

  private static void requirePurpose(List<X509Certificate> path, AnchorPurpose purpose)
      throws WardgateException {
    X509Certificate leaf = path.get(0);
    if (leaf.getBasicConstraints() >= 0) {
      throw wrongPurpose("a certificate authority is not an end entity");
    }
    if (!Signatures.isAllowed(leaf.getPublicKey())) {
      throw wrongPurpose("the key is not ECDSA on P-256 or P-384");
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE] || usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
      throw wrongPurpose("key usage does not allow signatures, or allows those of an authority");
    }
    requireExtendedUse(leaf, purpose, purpose.mustSay());
    if (purpose == AnchorPurpose.GATEWAY && !GatewayTrust.carriesAnyName(leaf)) {
      throw new WardgateException(
          Reason.GATEWAY_NAME_MISMATCH, "neither a DNS name nor an address");
    }
  }

  /** Absent or "any" would mean any purpose to RFC 5280; here a certificate says what it is for. */
  private static void requireExtendedUse(
      X509Certificate certificate, AnchorPurpose purpose, boolean mustSay)
      throws WardgateException {
    List<String> uses = extendedUses(certificate);
    if (uses == null ? mustSay : !uses.contains(purpose.extendedKeyUsage())) {
      throw wrongPurpose("extended key usage lacks " + purpose.extendedKeyUsage());
    }
  }

  private static @Nullable List<String> extendedUses(X509Certificate certificate)
      throws WardgateException {
    try {
      return certificate.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new WardgateException(
          Reason.CERTIFICATE_WRONG_PURPOSE, "extended key usage does not parse", e);
    }
  }

  private static WardgateException invalid(String why) {
    return new WardgateException(Reason.CERTIFICATE_CHAIN_INVALID, why);
  }

  private static WardgateException wrongPurpose(String why) {
    return new WardgateException(Reason.CERTIFICATE_WRONG_PURPOSE, why);
  }
}
