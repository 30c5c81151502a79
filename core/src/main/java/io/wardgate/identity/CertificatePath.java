// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.PublicKey;
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
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * The checks every certificate chain goes through, whichever side sent it (RFC 5280 section 6, on
 * the order the peer gave; paths are never searched for in what a peer sends).
 *
 * <p>Order matters: trust before dates, so that a stranger learns nothing about what would be wrong
 * with a certificate of ours; purpose last, on a chain that holds.
 */
final class CertificatePath {

  /** Leaf and three authorities; deeper chains only cost time. */
  static final int MAX_CERTIFICATES = 4;

  /** About eight times a device certificate; stops a peer from feeding us megabytes of DER. */
  static final int MAX_CERTIFICATE_BYTES = 4096;

  static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  /** ECDSA with SHA-256, -384 and -512; the platform alone would still take SHA-1 here. */
  private static final Set<String> SIGNATURES =
      Set.of("1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4");

  private static final Set<EllipticCurve> CURVES = Set.of(curve("secp256r1"), curve("secp384r1"));
  private static final int DIGITAL_SIGNATURE = 0;

  private CertificatePath() {}

  /**
   * Checks {@code chain} (leaf first) up to one of {@code anchors} and returns that anchor.
   *
   * @throws WardgateException with the reason of the first rule that is broken
   */
  static X509Certificate check(
      List<X509Certificate> chain, List<X509Certificate> anchors, String purpose, Instant now)
      throws WardgateException {
    if (chain.isEmpty()) {
      throw new WardgateException(Reason.NO_CREDENTIAL, "an empty certificate chain");
    }
    requireSize(chain);
    Vouched vouched = vouchedFor(chain, anchors, now);
    requireOrder(chain);
    requireValidNow(vouched.anchor(), now);
    for (X509Certificate certificate : vouched.path()) {
      requireValidNow(certificate, now);
    }
    requirePath(vouched.path(), vouched.anchor(), now);
    requirePurpose(chain.get(0), purpose);
    return vouched.anchor();
  }

  private static void requireSize(List<X509Certificate> chain) throws WardgateException {
    if (chain.size() > MAX_CERTIFICATES) {
      throw new WardgateException(
          Reason.CERTIFICATE_CHAIN_INVALID, chain.size() + " certificates in one chain");
    }
    for (X509Certificate certificate : chain) {
      try {
        if (certificate.getEncoded().length > MAX_CERTIFICATE_BYTES) {
          throw new WardgateException(
              Reason.CERTIFICATE_CHAIN_INVALID,
              "a certificate of more than " + MAX_CERTIFICATE_BYTES + " bytes");
        }
      } catch (CertificateEncodingException e) {
        throw new WardgateException(
            Reason.CERTIFICATE_CHAIN_INVALID, "a certificate that does not encode", e);
      }
    }
  }

  /** The part of a chain that counts, leaf first, and the anchor it ends at. */
  private record Vouched(List<X509Certificate> path, X509Certificate anchor) {}

  /**
   * Walks up from the leaf and stops at the first anchor, so that the leaf alone decides whose it
   * is: what a peer appends to its chain must not move it to another anchor's namespace.
   */
  private static Vouched vouchedFor(
      List<X509Certificate> chain, List<X509Certificate> anchors, Instant now)
      throws WardgateException {
    for (int i = 0; i < chain.size(); i++) {
      X509Certificate certificate = chain.get(i);
      // A chain that is only the anchor would let an authority pose as a device.
      if (i > 0 && anchors.contains(certificate)) {
        return new Vouched(chain.subList(0, i), certificate);
      }
      List<X509Certificate> signers =
          anchors.stream().filter(anchor -> isIssuedBy(certificate, anchor)).toList();
      if (!signers.isEmpty()) {
        // Several are one authority, renewed under its old key: any that is valid will do.
        X509Certificate anchor =
            signers.stream().filter(a -> isValid(a, now)).findFirst().orElse(signers.get(0));
        return new Vouched(chain.subList(0, i + 1), anchor);
      }
    }
    throw new WardgateException(Reason.UNKNOWN_AUTHORITY, "no anchor vouches for the chain");
  }

  /** Also above the anchor: who sends certificates that do not belong there is not one of ours. */
  private static void requireOrder(List<X509Certificate> chain) throws WardgateException {
    for (int i = 1; i < chain.size(); i++) {
      if (!isIssuedBy(chain.get(i - 1), chain.get(i))) {
        throw new WardgateException(
            Reason.CERTIFICATE_CHAIN_INVALID, "certificate " + i + " did not issue the one before");
      }
    }
  }

  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate anchor) {
    return certificate.getIssuerX500Principal().equals(anchor.getSubjectX500Principal())
        && isSignedBy(certificate, anchor.getPublicKey());
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isAfter(certificate.getNotAfter().toInstant())
        && !now.isBefore(certificate.getNotBefore().toInstant());
  }

  /** Whether an anchor is, or signed, a certificate of this chain, whatever else holds. */
  static boolean anySigned(List<X509Certificate> chain, List<X509Certificate> anchors) {
    return anchors.stream()
        .anyMatch(
            anchor ->
                chain.stream()
                    .anyMatch(c -> c.equals(anchor) || isSignedBy(c, anchor.getPublicKey())));
  }

  private static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
    try {
      certificate.verify(key);
      return true;
    } catch (GeneralSecurityException e) {
      // Of the same name but another key: another authority, which is what the caller reports.
      return false;
    }
  }

  private static void requireValidNow(X509Certificate certificate, Instant now)
      throws WardgateException {
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      throw new WardgateException(
          Reason.CERTIFICATE_EXPIRED, "valid until " + certificate.getNotAfter().toInstant());
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      throw new WardgateException(
          Reason.CERTIFICATE_NOT_YET_VALID, "valid from " + certificate.getNotBefore().toInstant());
    }
  }

  private static void requirePath(List<X509Certificate> path, X509Certificate anchor, Instant now)
      throws WardgateException {
    for (X509Certificate certificate : path) {
      if (!SIGNATURES.contains(certificate.getSigAlgOID())) {
        throw new WardgateException(
            Reason.CERTIFICATE_CHAIN_INVALID, "a certificate not signed by ECDSA with SHA-2");
      }
    }
    try {
      // SUN by name: an application that put another provider first must not change what we check.
      CertPath certPath = CertificateFactory.getInstance("X.509", "SUN").generateCertPath(path);
      PKIXParameters parameters =
          new PKIXParameters(Set.of(new java.security.cert.TrustAnchor(anchor, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
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

  private static EllipticCurve curve(String name) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class).getCurve();
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has " + name, e);
    }
  }

  private static void requirePurpose(X509Certificate leaf, String purpose)
      throws WardgateException {
    if (leaf.getBasicConstraints() >= 0) {
      throw new WardgateException(
          Reason.CERTIFICATE_WRONG_PURPOSE, "a certificate authority is not an end entity");
    }
    if (!(leaf.getPublicKey() instanceof ECPublicKey key)
        || !CURVES.contains(key.getParams().getCurve())) {
      throw new WardgateException(
          Reason.CERTIFICATE_WRONG_PURPOSE, "the key is not ECDSA on P-256 or P-384");
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage == null || !usage[DIGITAL_SIGNATURE]) {
      throw new WardgateException(
          Reason.CERTIFICATE_WRONG_PURPOSE, "key usage does not allow signatures");
    }
    try {
      // Absent would mean "any purpose" to RFC 5280; here a certificate says what it is for.
      List<String> extended = leaf.getExtendedKeyUsage();
      if (extended == null || !extended.contains(purpose)) {
        throw new WardgateException(
            Reason.CERTIFICATE_WRONG_PURPOSE, "extended key usage lacks " + purpose);
      }
    } catch (CertificateParsingException e) {
      throw new WardgateException(
          Reason.CERTIFICATE_WRONG_PURPOSE, "extended key usage does not parse", e);
    }
  }
}
