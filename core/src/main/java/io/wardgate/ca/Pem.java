// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Certificates and private keys as text (RFC 7468).
 *
 * <p>Writing follows the strict form. Reading takes certificates only and nothing around them but
 * empty lines: a file that holds anything else, above all a private key, is not a file of trust
 * anchors. Stateless and thread-safe.
 */
public final class Pem {

  /** Sixteen certificates with room to spare; more is not a list of anchors. */
  public static final int MAX_BYTES = 128 * 1024;

  /** More anchors than anybody will list by hand. */
  public static final int MAX_CERTIFICATES = 16;

  /** Well above any certificate the path check takes (4096 bytes). */
  private static final int MAX_LINES_PER_CERTIFICATE = 128;

  private static final int LINE = 64;
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private Pem() {}

  /** The certificate, ending in a line feed. */
  public static String certificate(X509Certificate certificate) {
    try {
      return new String(encode("CERTIFICATE", certificate.getEncoded()), US_ASCII);
    } catch (CertificateEncodingException e) {
      throw new WardgateBug("a certificate that was parsed does not encode", e);
    }
  }

  /**
   * The private key of an EC pair as unencrypted PKCS#8, for a file that only its owner reads. The
   * caller clears the array.
   *
   * <p>The inner RFC 5915 structure carries the public key: GnuTLS 3.7 refuses one without, as the
   * JDK writes it.
   *
   * @throws IllegalArgumentException if it is not an EC pair whose private half can be exported
   */
  public static byte[] privateKey(KeyPair keys) {
    if (!(keys.getPrivate() instanceof ECPrivateKey key)) {
      throw new IllegalArgumentException("not an EC key that can be exported");
    }
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    ASN1BitString point = info.getPublicKeyData();
    try {
      byte[] der =
          new PrivateKeyInfo(
                  info.getAlgorithm(),
                  new org.bouncycastle.asn1.sec.ECPrivateKey(
                      key.getParams().getOrder().bitLength(),
                      key.getS(),
                      point,
                      info.getAlgorithm().getParameters()))
              .getEncoded();
      byte[] pem = encode("PRIVATE KEY", der);
      Arrays.fill(der, (byte) 0);
      return pem;
    } catch (IOException e) {
      throw new WardgateBug("a private key of ours does not encode", e);
    }
  }

  /**
   * Reads one to {@link #MAX_CERTIFICATES} certificates, in order.
   *
   * @throws WardgateException {@link Reason#CERTIFICATE_UNREADABLE}, with the line
   */
  public static List<X509Certificate> certificates(byte[] pem) throws WardgateException {
    if (pem.length > MAX_BYTES) {
      throw unreadable(1, "more than " + MAX_BYTES + " bytes");
    }
    List<X509Certificate> certificates = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    int begun = 0;
    int number = 0;
    for (String line : new String(pem, US_ASCII).lines().toList()) {
      number++;
      if (begun == 0) {
        if (line.equals(BEGIN)) {
          begun = number;
        } else if (!line.isBlank()) {
          throw unreadable(number, "only certificates belong here");
        }
      } else if (line.equals(END)) {
        if (certificates.size() == MAX_CERTIFICATES) {
          throw unreadable(begun, "more than " + MAX_CERTIFICATES + " certificates");
        }
        certificates.add(decode(body.toString(), begun));
        body.setLength(0);
        begun = 0;
      } else if (line.length() > LINE || number - begun > MAX_LINES_PER_CERTIFICATE) {
        throw unreadable(number, "a line or a certificate is too long");
      } else {
        body.append(line);
      }
    }
    if (begun != 0) {
      throw unreadable(begun, "a certificate without an end");
    }
    if (certificates.isEmpty()) {
      throw unreadable(1, "no certificate");
    }
    return List.copyOf(certificates);
  }

  private static X509Certificate decode(String base64, int line) throws WardgateException {
    try {
      byte[] der = Base64.getDecoder().decode(base64);
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509", "SUN")
                  .generateCertificate(new ByteArrayInputStream(der));
      // The factory would also take PEM within, or stop before the end.
      if (!Arrays.equals(certificate.getEncoded(), der)) {
        throw unreadable(line, "more than a certificate");
      }
      return certificate;
    } catch (CertificateException | IllegalArgumentException e) {
      throw new WardgateException(
          Reason.CERTIFICATE_UNREADABLE, "line " + line + ": not a certificate", e);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has the SUN provider's X.509", e);
    }
  }

  private static byte[] encode(String label, byte[] der) {
    byte[] body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encode(der);
    byte[] begin = ("-----BEGIN " + label + "-----\n").getBytes(US_ASCII);
    byte[] end = ("\n-----END " + label + "-----\n").getBytes(US_ASCII);
    byte[] pem = Arrays.copyOf(begin, begin.length + body.length + end.length);
    System.arraycopy(body, 0, pem, begin.length, body.length);
    System.arraycopy(end, 0, pem, begin.length + body.length, end.length);
    Arrays.fill(body, (byte) 0);
    return pem;
  }

  private static WardgateException unreadable(int line, String why) {
    return new WardgateException(Reason.CERTIFICATE_UNREADABLE, "line " + line + ": " + why);
  }
}
