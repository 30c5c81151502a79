// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.cbor.CborWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;

/**
 * The bodies of EST-coaps (RFC 9148 section 4.3), raw DER or CBOR and never base64. Stateless and
 * thread-safe.
 */
final class EstContent {

  /** {@code application/multipart-core} (RFC 8710). */
  static final int MULTIPART = 62;

  /** {@code application/pkcs7-mime; smime-type=certs-only}. */
  static final int CERTS_ONLY = 281;

  /** {@code application/csrattrs}. */
  static final int CSR_ATTRIBUTES = 285;

  /** {@code application/pkcs10}. */
  static final int PKCS10 = 286;

  /** {@code application/pkix-cert}. */
  static final int PKIX_CERT = 287;

  /** A chain of four, each of 4 KiB, and what holds them together. */
  static final int MAX_BYTES = 20 * 1024;

  private static final int MAX_CERTIFICATES = 8;

  private EstContent() {}

  /** Certificates in a PKCS#7 that signs nothing (RFC 5652 section 5.2). */
  static byte[] certsOnly(List<X509Certificate> certificates) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addCertificates(new JcaCertStore(certificates));
      return generator.generate(new CMSAbsentContent()).getEncoded("DER");
    } catch (IOException | CMSException | GeneralSecurityException e) {
      throw new WardgateBug("certificates of ours do not encode", e);
    }
  }

  /** Certificates one by one, each with its format. */
  static byte[] multipart(List<X509Certificate> certificates) {
    CborWriter out = new CborWriter().array(2 * certificates.size());
    for (X509Certificate certificate : certificates) {
      out.integer(PKIX_CERT).bytes(single(certificate));
    }
    return out.toBytes();
  }

  static byte[] single(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("a certificate of ours does not encode", e);
    }
  }

  /** What a request should have (RFC 7030 section 4.5.2): a key on P-256, ECDSA with SHA-256. */
  static byte[] csrAttributes() {
    ASN1ObjectIdentifier curve = SECObjectIdentifiers.secp256r1;
    ASN1EncodableVector key = new ASN1EncodableVector();
    key.add(X9ObjectIdentifiers.id_ecPublicKey);
    key.add(new DERSet(curve));
    ASN1EncodableVector all = new ASN1EncodableVector();
    all.add(new DERSequence(key));
    all.add(X9ObjectIdentifiers.ecdsa_with_SHA256);
    try {
      return new DERSequence(all).getEncoded("DER");
    } catch (IOException e) {
      throw new WardgateBug("object identifiers do not encode", e);
    }
  }

  /**
   * The certificates in what {@link #certsOnly} or {@link #single} wrote, in their order.
   *
   * @throws WardgateException {@link Reason#EST_ANSWER_MALFORMED}
   */
  static List<X509Certificate> certificates(int format, byte[] body) throws WardgateException {
    if (body.length > MAX_BYTES) {
      throw malformed(body.length + " bytes");
    }
    try {
      List<X509Certificate> found = new ArrayList<>();
      if (format == PKIX_CERT) {
        found.add(certificate(body));
      } else if (format == CERTS_ONLY) {
        for (byte[] each : inSignedData(body)) {
          found.add(certificate(each));
        }
      } else {
        throw malformed("format " + format);
      }
      return found;
    } catch (IOException | CMSException | GeneralSecurityException | RuntimeException e) {
      // Whatever the parsers throw on these bytes, they are no certificates.
      throw new WardgateException(Reason.EST_ANSWER_MALFORMED, "it does not parse", e);
    }
  }

  private static List<byte[]> inSignedData(byte[] body)
      throws IOException, CMSException, WardgateException {
    Collection<X509CertificateHolder> found =
        new CMSSignedData(body).getCertificates().getMatches(null);
    if (found.isEmpty() || found.size() > MAX_CERTIFICATES) {
      throw malformed(found.size() + " certificates");
    }
    List<byte[]> all = new ArrayList<>();
    for (X509CertificateHolder each : found) {
      all.add(each.getEncoded());
    }
    return all;
  }

  private static X509Certificate certificate(byte[] der)
      throws GeneralSecurityException, WardgateException {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509", "SUN")
                .generateCertificate(new ByteArrayInputStream(der));
    if (!Arrays.equals(certificate.getEncoded(), der)) {
      throw malformed("more than a certificate");
    }
    return certificate;
  }

  private static WardgateException malformed(String why) {
    return new WardgateException(Reason.EST_ANSWER_MALFORMED, why);
  }
}
