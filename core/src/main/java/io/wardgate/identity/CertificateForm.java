// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyConstraints;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;

/**
 * What one certificate must look like, whoever issued it (RFC 5280 section 4), beyond what the
 * platform's reader and path validation ask.
 *
 * <p>Read once more from its bytes, because what is not in the platform's view of a certificate is
 * what lets two readers see two certificates.
 */
final class CertificateForm {

  /** Where a certificate stands in its path. */
  enum Place {
    END_ENTITY,
    AUTHORITY,
    ANCHOR
  }

  private static final int MAX_SERIAL_OCTETS = 20;
  private static final int VERSION_3 = 3;
  private static final Pattern UTC_TIME = Pattern.compile("[0-9]{12}Z");
  private static final Pattern GENERALIZED_TIME = Pattern.compile("[0-9]{14}Z");

  /** Years before have two digits, and RFC 5280 says of which century they are. */
  private static final String FIRST_GENERALIZED_YEAR = "2050";

  private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;

  /** Extensions that may be critical, because they are followed here or by path validation. */
  private static final Set<ASN1ObjectIdentifier> FOLLOWED =
      Set.of(
          Extension.basicConstraints,
          Extension.keyUsage,
          Extension.extendedKeyUsage,
          Extension.subjectAlternativeName,
          Extension.nameConstraints,
          Extension.certificatePolicies,
          Extension.policyConstraints,
          Extension.policyMappings,
          Extension.inhibitAnyPolicy);

  /** Extensions that must not be critical (RFC 5280 sections 4.2.1.1, 4.2.1.2 and 4.2.2.1). */
  private static final Set<ASN1ObjectIdentifier> NEVER_CRITICAL =
      Set.of(
          Extension.authorityKeyIdentifier,
          Extension.subjectKeyIdentifier,
          Extension.authorityInfoAccess);

  /** Their readers: whether followed or not, what is there must make sense. */
  private static final Map<ASN1ObjectIdentifier, Reader> READERS =
      Map.of(
          Extension.basicConstraints, BasicConstraints::getInstance,
          Extension.keyUsage, KeyUsage::getInstance,
          Extension.extendedKeyUsage, ExtendedKeyUsage::getInstance,
          Extension.subjectAlternativeName, GeneralNames::getInstance,
          Extension.nameConstraints, NameConstraints::getInstance,
          Extension.certificatePolicies, CertificatePolicies::getInstance,
          Extension.policyConstraints, PolicyConstraints::getInstance,
          Extension.authorityKeyIdentifier, AuthorityKeyIdentifier::getInstance,
          Extension.cRLDistributionPoints, CRLDistPoint::getInstance,
          Extension.authorityInfoAccess, AuthorityInformationAccess::getInstance);

  private CertificateForm() {}

  @FunctionalInterface
  private interface Reader {
    Object read(Object encoded);
  }

  /**
   * Checks it.
   *
   * @param byTheLetter whether also what RFC 5280 asks of issuers only must be there; factories
   *     leave it out of devices' certificates to save bytes
   * @throws WardgateException {@link Reason#CERTIFICATE_MALFORMED}, or {@link
   *     Reason#CERTIFICATE_CHAIN_INVALID} for an algorithm or critical extension that is not ours
   */
  static void require(X509Certificate certificate, Place place, boolean byTheLetter)
      throws WardgateException {
    if (!Signatures.isAllowed(certificate.getSigAlgOID()) && place != Place.ANCHOR) {
      throw new WardgateException(
          Reason.CERTIFICATE_CHAIN_INVALID, "a certificate not signed by ECDSA with SHA-2");
    }
    if (place != Place.END_ENTITY && !Signatures.isAllowed(certificate.getPublicKey())) {
      throw new WardgateException(
          Reason.CERTIFICATE_CHAIN_INVALID, "an authority's key is not ECDSA on P-256 or P-384");
    }
    try {
      byte[] der = certificate.getEncoded();
      ASN1Primitive whole = ASN1Primitive.fromByteArray(der);
      if (!Arrays.equals(whole.getEncoded("DER"), der)) {
        throw malformed("not DER");
      }
      Certificate read = Certificate.getInstance(whole);
      require(read.getTBSCertificate(), place, byTheLetter);
      if (!read.getTBSCertificate().getSignature().equals(read.getSignatureAlgorithm())
          || (read.getSignatureAlgorithm().getParameters() != null && place != Place.ANCHOR)) {
        throw malformed("it names two signature algorithms, or one with parameters");
      }
    } catch (CertificateEncodingException | IOException | RuntimeException e) {
      // Whatever the parsers throw on a peer's bytes, they are not a certificate.
      throw new WardgateException(Reason.CERTIFICATE_MALFORMED, "it does not parse", e);
    }
  }

  private static void require(TBSCertificate body, Place place, boolean byTheLetter)
      throws IOException, WardgateException {
    if (body.getVersionNumber() != VERSION_3) {
      throw malformed("version " + body.getVersionNumber());
    }
    BigInteger serial = body.getSerialNumber().getValue();
    if (place != Place.ANCHOR
        && (serial.signum() <= 0 || serial.toByteArray().length > MAX_SERIAL_OCTETS)) {
      throw malformed("the serial number is not 1 to 20 octets above zero");
    }
    if (body.getIssuerUniqueId() != null || body.getSubjectUniqueId() != null) {
      throw malformed("unique identifiers");
    }
    if (body.getIssuer().getRDNs().length == 0
        || (place != Place.END_ENTITY && body.getSubject().getRDNs().length == 0)) {
      throw malformed("an authority without a name");
    }
    requireTime(body.getStartDate());
    requireTime(body.getEndDate());
    if (body.getExtensions() != null) {
      requireExtensions(body.getExtensions(), place);
    }
    if (byTheLetter) {
      requireKeyIdentifiers(body.getExtensions(), place);
    }
  }

  /** Whole seconds of universal time, and each year in its one form (section 4.1.2.5). */
  private static void requireTime(Time time) throws IOException, WardgateException {
    ASN1Primitive form = time.toASN1Primitive();
    byte[] encoded = form.getEncoded();
    String text = new String(encoded, 2, encoded.length - 2, US_ASCII);
    boolean isShort = form instanceof ASN1UTCTime;
    if (!(isShort ? UTC_TIME : GENERALIZED_TIME).matcher(text).matches()
        || (!isShort && text.compareTo(FIRST_GENERALIZED_YEAR) < 0)) {
      throw malformed("a time that is not in its one form");
    }
  }

  private static void requireExtensions(Extensions extensions, Place place)
      throws WardgateException {
    for (ASN1ObjectIdentifier id : extensions.getExtensionOIDs()) {
      Extension extension = extensions.getExtension(id);
      if (extension.isCritical() && NEVER_CRITICAL.contains(id)) {
        throw malformed("a critical extension " + id);
      }
      if (extension.isCritical() && !FOLLOWED.contains(id)) {
        throw new WardgateException(
            Reason.CERTIFICATE_CHAIN_INVALID, "a critical extension that is not known: " + id);
      }
      Reader reader = READERS.get(id);
      if (reader != null) {
        Object unused = reader.read(extension.getParsedValue());
      }
    }
    if (place == Place.END_ENTITY && extensions.getExtension(Extension.nameConstraints) != null) {
      throw malformed("name constraints on an end entity");
    }
    requireNames(GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName));
    BasicConstraints constraints = BasicConstraints.fromExtensions(extensions);
    if (constraints != null && !constraints.isCA() && constraints.getPathLenConstraint() != null) {
      throw malformed("a path length on what is not an authority");
    }
  }

  private static void requireNames(@Nullable GeneralNames names) throws WardgateException {
    if (names == null) {
      return;
    }
    if (names.getNames().length == 0) {
      throw malformed("a subjectAltName without a name");
    }
    for (GeneralName name : names.getNames()) {
      boolean holds =
          switch (name.getTagNo()) {
            case GeneralName.rfc822Name,
                GeneralName.dNSName,
                GeneralName.uniformResourceIdentifier ->
                VISIBLE.matcher(ASN1IA5String.getInstance(name.getName()).getString()).matches();
            case GeneralName.iPAddress -> {
              int octets = ASN1OctetString.getInstance(name.getName()).getOctets().length;
              yield octets == IPV4_OCTETS || octets == IPV6_OCTETS;
            }
            default -> true;
          };
      if (!holds) {
        throw malformed("a subjectAltName of the wrong form");
      }
    }
  }

  /** What RFC 5280 sections 4.2.1.1, 4.2.1.2 and 4.2.1.9 ask of who issues. */
  private static void requireKeyIdentifiers(@Nullable Extensions extensions, Place place)
      throws WardgateException {
    boolean namesIssuer =
        extensions != null && extensions.getExtension(Extension.authorityKeyIdentifier) != null;
    boolean namesItself =
        extensions != null && extensions.getExtension(Extension.subjectKeyIdentifier) != null;
    if ((place != Place.ANCHOR && !namesIssuer) || (place != Place.END_ENTITY && !namesItself)) {
      throw malformed("a key identifier is missing");
    }
    if (place != Place.END_ENTITY && !isCritical(extensions, Extension.basicConstraints)) {
      throw malformed("an authority's basic constraints are not critical");
    }
  }

  private static boolean isCritical(@Nullable Extensions extensions, ASN1ObjectIdentifier id) {
    Extension extension = extensions == null ? null : extensions.getExtension(id);
    return extension != null && extension.isCritical();
  }

  private static WardgateException malformed(String why) {
    return new WardgateException(Reason.CERTIFICATE_MALFORMED, why);
  }
}
