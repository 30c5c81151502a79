// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.jspecify.annotations.Nullable;

/**
 * A certificate revocation list whose authority is known to have signed it (RFC 5280 section 5).
 *
 * <p>Of one authority, about its own certificates, for every reason. Delta lists, indirect lists
 * and lists for some reasons are refused, because what they leave out would pass for good. An
 * authority may part its certificates among several lists by {@link Scope}; what one of them leaves
 * out says nothing of what another is about. Immutable.
 */
final class RevocationList {

  /** A hundred thousand entries and room to spare. */
  static final int MAX_BYTES = 4 << 20;

  private static final int VERSION_2 = 2;
  private static final int MAX_NUMBER_OCTETS = 20;
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  /** What a critical extension of the list may be. */
  private static final Set<ASN1ObjectIdentifier> FOLLOWED =
      Set.of(Extension.issuingDistributionPoint);

  /**
   * Which of its authority's certificates a list is about. Two lists of one scope replace each
   * other.
   *
   * @param points it is about the certificates that name one of these distribution points; all, if
   *     it has none
   * @param devices about end entities
   * @param authorities about authorities
   */
  record Scope(Set<GeneralName> points, boolean devices, boolean authorities) {

    Scope {
      points = Set.copyOf(points);
    }

    /** Whether a certificate at this place of a path is one of them. */
    boolean covers(Link link, boolean endEntity) {
      return (endEntity ? devices : authorities)
          && (points.isEmpty() || points.stream().anyMatch(link.points()::contains));
    }
  }

  private final byte[] encoded;
  private final X509Certificate authority;
  private final BigInteger number;
  private final Instant from;
  private final Instant until;
  private final Scope scope;
  private final Set<BigInteger> revoked;

  private RevocationList(
      byte[] encoded,
      X509Certificate authority,
      BigInteger number,
      Instant from,
      Instant until,
      Scope scope,
      Set<BigInteger> revoked) {
    this.encoded = encoded;
    this.authority = authority;
    this.number = number;
    this.from = from;
    this.until = until;
    this.scope = scope;
    this.revoked = Set.copyOf(revoked);
  }

  /**
   * Reads a list.
   *
   * @param authorities one of them must have signed it, and be allowed to
   * @throws WardgateException {@link Reason#CRL_UNUSABLE}
   */
  static RevocationList of(byte[] der, Collection<X509Certificate> authorities)
      throws WardgateException {
    if (der.length > MAX_BYTES) {
      throw unusable("more than " + MAX_BYTES + " bytes");
    }
    try {
      ASN1Primitive whole = ASN1Primitive.fromByteArray(der);
      if (!Arrays.equals(whole.getEncoded("DER"), der)) {
        throw unusable("not DER");
      }
      CertificateList list = CertificateList.getInstance(whole);
      return read(der, list, signerOf(list, authorities));
    } catch (IOException | RuntimeException e) {
      // Whatever the parsers throw on these bytes, they are not a list.
      throw new WardgateException(Reason.CRL_UNUSABLE, "it does not parse", e);
    }
  }

  private static X509Certificate signerOf(
      CertificateList list, Collection<X509Certificate> authorities)
      throws IOException, WardgateException {
    String algorithm = list.getSignatureAlgorithm().getAlgorithm().getId();
    if (!list.getTBSCertList().getSignature().equals(list.getSignatureAlgorithm())) {
      throw unusable("it names two signature algorithms");
    }
    X500Principal issuer = new X500Principal(list.getIssuer().getEncoded());
    for (X509Certificate authority : authorities) {
      if (authority.getSubjectX500Principal().equals(issuer)
          && maySign(authority)
          && Signatures.verify(
              authority.getPublicKey(),
              algorithm,
              list.getTBSCertList().getEncoded("DER"),
              list.getSignature().getOctets())) {
        return authority;
      }
    }
    throw unusable("no authority that may has signed it");
  }

  private static boolean maySign(X509Certificate authority) {
    boolean[] usage = authority.getKeyUsage();
    return authority.getBasicConstraints() >= 0
        && (usage == null || (usage[CRL_SIGN] && usage[KEY_CERT_SIGN]));
  }

  private static RevocationList read(byte[] der, CertificateList list, X509Certificate authority)
      throws WardgateException {
    TBSCertList body = list.getTBSCertList();
    Extensions extensions = body.getExtensions();
    if (body.getVersionNumber() != VERSION_2 || extensions == null) {
      throw unusable("not of version 2");
    }
    for (ASN1ObjectIdentifier id : extensions.getExtensionOIDs()) {
      if (extensions.getExtension(id).isCritical() && !FOLLOWED.contains(id)) {
        throw unusable("a critical extension that is not known: " + id);
      }
    }
    if (extensions.getExtension(Extension.deltaCRLIndicator) != null) {
      throw unusable("only what has changed since another list");
    }
    Extension number = extensions.getExtension(Extension.cRLNumber);
    if (number == null || extensions.getExtension(Extension.authorityKeyIdentifier) == null) {
      throw unusable("it has no number or does not say by which key");
    }
    if (body.getNextUpdate() == null) {
      throw unusable("it does not say when the next one comes");
    }
    return new RevocationList(
        der.clone(),
        authority,
        numberOf(number),
        body.getThisUpdate().getDate().toInstant(),
        body.getNextUpdate().getDate().toInstant(),
        scopeOf(extensions),
        entries(body));
  }

  private static BigInteger numberOf(Extension extension) throws WardgateException {
    BigInteger number = ASN1Integer.getInstance(extension.getParsedValue()).getValue();
    if (number.signum() < 0 || number.toByteArray().length > MAX_NUMBER_OCTETS) {
      throw unusable("its number is not 1 to 20 octets from zero up");
    }
    return number;
  }

  private static Scope scopeOf(Extensions extensions) throws WardgateException {
    Extension point = extensions.getExtension(Extension.issuingDistributionPoint);
    if (point == null) {
      return new Scope(Set.of(), true, true);
    }
    IssuingDistributionPoint scope = IssuingDistributionPoint.getInstance(point.getParsedValue());
    if (scope.isIndirectCRL()
        || scope.onlyContainsAttributeCerts()
        || scope.getOnlySomeReasons() != null
        || (scope.onlyContainsCACerts() && scope.onlyContainsUserCerts())) {
      throw unusable("not about all that its authority issued");
    }
    return new Scope(
        pointsOf(scope.getDistributionPoint()),
        !scope.onlyContainsCACerts(),
        !scope.onlyContainsUserCerts());
  }

  private static Set<GeneralName> pointsOf(@Nullable DistributionPointName point)
      throws WardgateException {
    if (point == null) {
      return Set.of();
    }
    if (point.getType() != DistributionPointName.FULL_NAME) {
      throw unusable("a distribution point that is not named in full");
    }
    return Set.copyOf(List.of(GeneralNames.getInstance(point.getName()).getNames()));
  }

  private static Set<BigInteger> entries(TBSCertList body) throws WardgateException {
    Set<BigInteger> revoked = new HashSet<>();
    Enumeration<?> entries = body.getRevokedCertificateEnumeration();
    while (entries.hasMoreElements()) {
      TBSCertList.CRLEntry entry = (TBSCertList.CRLEntry) entries.nextElement();
      Extensions extensions = entry.getExtensions();
      if (extensions != null && extensions.hasAnyCriticalExtensions()) {
        throw unusable("an entry with a critical extension");
      }
      revoked.add(entry.getUserCertificate().getValue());
    }
    return revoked;
  }

  /** As it came. */
  byte[] encoded() {
    return encoded.clone();
  }

  /** Who signed it. */
  X509Certificate authority() {
    return authority;
  }

  /** Its place among the authority's lists of this scope; a later list has a higher one. */
  BigInteger number() {
    return number;
  }

  /** From when on it holds. */
  Instant from() {
    return from;
  }

  /** Until when a newer one is due. */
  Instant until() {
    return until;
  }

  /** Which certificates it is about. */
  Scope scope() {
    return scope;
  }

  /** Whether it revokes its authority's certificate of this number, whatever its scope. */
  boolean revokes(BigInteger serial) {
    return revoked.contains(serial);
  }

  private static WardgateException unusable(String why) {
    return new WardgateException(Reason.CRL_UNUSABLE, why);
  }
}
