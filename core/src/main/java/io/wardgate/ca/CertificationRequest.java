// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.identity.DeviceName;
import io.wardgate.identity.KnownKeys;
import io.wardgate.identity.Signatures;
import io.wardgate.registry.KeyFingerprint;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A request for a certificate that whoever holds the key in it made (PKCS#10, RFC 2986): the
 * device's private key stays where it was made.
 *
 * <p>What is promised by one: its key is a point on P-256, its signature was made with that key, it
 * names no device or exactly one. What it asks for beyond that (extensions, purposes, a role, an
 * authority's rights) is not even read: the issuer decides. Strictly DER, at most {@value
 * #MAX_BYTES} bytes. Immutable. Supports EN 303 645 5.4-4.
 */
public final class CertificationRequest {

  /** Four times what a device needs; a request of RFC 9148 appendix A.2 has 399 bytes. */
  public static final int MAX_BYTES = 2048;

  private static final int MAX_ATTRIBUTES = 8;

  private final PublicKey key;
  private final X500Principal subject;
  private final Optional<byte[]> alternativeNames;
  private final Optional<String> serial;

  private CertificationRequest(
      PublicKey key,
      X500Principal subject,
      Optional<byte[]> alternativeNames,
      Optional<String> serial) {
    this.key = key;
    this.subject = subject;
    this.alternativeNames = alternativeNames;
    this.serial = serial;
  }

  /**
   * Reads one and verifies its signature.
   *
   * @throws WardgateException {@link Reason#CSR_MALFORMED}, {@link Reason#KEY_UNSUITABLE} if its
   *     key is not on P-256, {@link Reason#KEY_PUBLICLY_KNOWN}, {@link
   *     Reason#CSR_SIGNATURE_INVALID}, or {@link Reason#IDENTITY_MISSING} if it names several
   *     devices or what is no device's name
   */
  public static CertificationRequest of(byte[] der) throws WardgateException {
    if (der.length > MAX_BYTES) {
      throw malformed(der.length + " bytes");
    }
    try {
      ASN1Primitive whole = ASN1Primitive.fromByteArray(der);
      if (!Arrays.equals(whole.getEncoded("DER"), der)) {
        throw malformed("not DER");
      }
      return of(org.bouncycastle.asn1.pkcs.CertificationRequest.getInstance(whole));
    } catch (IOException | RuntimeException e) {
      // Whatever the parsers throw on these bytes, they are not a request.
      throw new WardgateException(Reason.CSR_MALFORMED, "it does not parse", e);
    }
  }

  private static CertificationRequest of(org.bouncycastle.asn1.pkcs.CertificationRequest request)
      throws IOException, WardgateException {
    CertificationRequestInfo info = request.getCertificationRequestInfo();
    if (!info.getVersion().hasValue(0)) {
      throw malformed("not of version 1");
    }
    PublicKey key = EcKeys.publicKey(info.getSubjectPublicKeyInfo().getEncoded("DER"));
    AlgorithmIdentifier algorithm = request.getSignatureAlgorithm();
    if (algorithm.getParameters() != null
        || !Signatures.verify(
            key,
            algorithm.getAlgorithm().getId(),
            info.getEncoded("DER"),
            request.getSignature().getOctets())) {
      throw new WardgateException(
          Reason.CSR_SIGNATURE_INVALID, "not ECDSA with SHA-2 by the key in it");
    }
    if (KnownKeys.contain(KeyFingerprint.of(key))) {
      throw new WardgateException(Reason.KEY_PUBLICLY_KNOWN, "anybody may have signed it");
    }
    X500Principal subject = new X500Principal(info.getSubject().getEncoded());
    Optional<byte[]> names = alternativeNames(info.getAttributes());
    return new CertificationRequest(key, subject, names, DeviceName.in(subject, names));
  }

  private static Optional<byte[]> alternativeNames(@Nullable ASN1Set attributes)
      throws IOException, WardgateException {
    Optional<byte[]> names = Optional.empty();
    if (attributes == null) {
      return names;
    }
    if (attributes.size() > MAX_ATTRIBUTES) {
      throw malformed(attributes.size() + " attributes");
    }
    Set<ASN1ObjectIdentifier> seen = new HashSet<>();
    for (ASN1Encodable each : attributes) {
      Attribute attribute = Attribute.getInstance(each);
      if (!seen.add(attribute.getAttrType()) || attribute.getAttrValues().size() != 1) {
        throw malformed("an attribute that is there twice, or has not one value");
      }
      if (attribute.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
        Extension extension =
            Extensions.getInstance(attribute.getAttrValues().getObjectAt(0))
                .getExtension(Extension.subjectAlternativeName);
        if (extension != null) {
          names = Optional.of(GeneralNames.getInstance(extension.getParsedValue()).getEncoded());
        }
      }
    }
    return names;
  }

  /**
   * A request by {@code keys}, in the names that a certificate has: a device's first for its
   * operator, or one to follow what it has.
   *
   * @param keys on P-256
   */
  public static byte[] inTheNameOf(X509Certificate current, KeyPair keys, SecureRandom random) {
    JcaPKCS10CertificationRequestBuilder draft =
        new JcaPKCS10CertificationRequestBuilder(
            current.getSubjectX500Principal(), keys.getPublic());
    byte[] names = current.getExtensionValue(Extension.subjectAlternativeName.getId());
    try {
      if (names != null) {
        Extension extension =
            new Extension(
                Extension.subjectAlternativeName, false, ASN1OctetString.getInstance(names));
        draft.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(extension));
      }
      return draft
          .build(
              new JcaContentSignerBuilder("SHA256withECDSA")
                  .setProvider(EcKeys.BOUNCY_CASTLE)
                  .setSecureRandom(random)
                  .build(keys.getPrivate()))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new WardgateBug("a request of ours does not encode", e);
    }
  }

  /** The key to be certified, on P-256. */
  public PublicKey key() {
    return key;
  }

  /**
   * The serial of the device it names, by the rule of {@link DeviceName}; empty if it names none.
   */
  public Optional<String> serial() {
    return serial;
  }

  /** Whether a certificate names the device that this names. */
  public boolean isNamedBy(X509Certificate certificate) {
    try {
      return serial.isPresent() && DeviceName.in(certificate).equals(serial);
    } catch (WardgateException e) {
      return false;
    }
  }

  /**
   * Refuses one that would change how a certificate names its device (RFC 7030 section 4.2.2).
   *
   * @throws WardgateException {@link Reason#CSR_IDENTITY_MISMATCH} if subject or subjectAltName are
   *     not the same
   */
  public void requireNamesOf(X509Certificate certificate) throws WardgateException {
    byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
    byte[] theirs =
        extension == null ? new byte[0] : ASN1OctetString.getInstance(extension).getOctets();
    if (!subject.equals(certificate.getSubjectX500Principal())
        || !Arrays.equals(alternativeNames.orElse(new byte[0]), theirs)) {
      throw new WardgateException(
          Reason.CSR_IDENTITY_MISMATCH,
          "not the names of " + certificate.getSubjectX500Principal());
    }
  }

  /**
   * Refuses one that names another device.
   *
   * @throws WardgateException {@link Reason#CSR_IDENTITY_MISMATCH}
   */
  public void requireNoOtherThan(DeviceId device) throws WardgateException {
    if (serial.isPresent() && !serial.get().equals(device.serial())) {
      throw new WardgateException(Reason.CSR_IDENTITY_MISMATCH, device.toString());
    }
  }

  private static WardgateException malformed(String why) {
    return new WardgateException(Reason.CSR_MALFORMED, why);
  }
}
