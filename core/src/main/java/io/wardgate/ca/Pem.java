// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
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
 * <p>Writing follows the strict form. Reading takes certificates, a revocation list or a request
 * only and nothing around them but empty lines: a file that holds anything else, above all a
 * private key, is not a file of trust anchors. Stateless and thread-safe.
 */
public final class Pem {

  /** Sixteen certificates with room to spare; more is not a list of anchors. */
  public static final int MAX_BYTES = 128 * 1024;

  /** More anchors than anybody will list by hand. */
  public static final int MAX_CERTIFICATES = 16;

  /** Well above any certificate the path check takes (4096 bytes). */
  private static final int MAX_LINES_PER_CERTIFICATE = 128;

  /** In text or not: what a revocation list may have, 4 MiB, and a third more for base64. */
  public static final int MAX_REVOCATION_LIST_BYTES = 6 << 20;

  private static final int LINE = 64;
  private static final byte DER_SEQUENCE = 0x30;

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
   * The private key in unencrypted PKCS#8, as {@link #privateKey(KeyPair)} and OpenSSL write it.
   *
   * @throws WardgateException {@link Reason#KEY_UNSUITABLE} if it is not one EC key
   */
  public static PrivateKey privateKey(byte[] pem) throws WardgateException {
    byte[] der = {};
    try {
      der = only(pem, "PRIVATE KEY", MAX_LINES_PER_CERTIFICATE);
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (WardgateException | IllegalArgumentException | GeneralSecurityException e) {
      throw new WardgateException(Reason.KEY_UNSUITABLE, "not an EC key in PKCS#8", e);
    } finally {
      Arrays.fill(der, (byte) 0);
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
    for (Block block : blocks(pem, "CERTIFICATE", MAX_LINES_PER_CERTIFICATE)) {
      if (certificates.size() == MAX_CERTIFICATES) {
        throw unreadable(block.line(), "more than " + MAX_CERTIFICATES + " certificates");
      }
      certificates.add(decode(block));
    }
    return List.copyOf(certificates);
  }

  /**
   * The DER of one revocation list, from its text or as it is; what it says is not looked at.
   *
   * @throws WardgateException {@link Reason#CRL_UNUSABLE}, with the line
   */
  public static byte[] revocationList(byte[] pemOrDer) throws WardgateException {
    try {
      return only(pemOrDer, "X509 CRL", Integer.MAX_VALUE);
    } catch (WardgateException | IllegalArgumentException e) {
      throw new WardgateException(Reason.CRL_UNUSABLE, "not a revocation list in PEM", e);
    }
  }

  /**
   * The DER of one certification request, from its text or as it is; what it says is not looked at.
   * Also under the label {@code NEW CERTIFICATE REQUEST}, which GnuTLS and the JDK write, and after
   * explanatory text, which GnuTLS puts before it.
   *
   * @throws WardgateException {@link Reason#CSR_MALFORMED}, with the line
   */
  public static byte[] certificationRequest(byte[] pemOrDer) throws WardgateException {
    String text = new String(pemOrDer, ISO_8859_1);
    int begin = Math.max(0, text.indexOf("-----BEGIN "));
    boolean isNew = text.startsWith("-----BEGIN NEW ", begin);
    boolean isText = pemOrDer.length > 0 && pemOrDer[0] != DER_SEQUENCE;
    try {
      return only(
          isText ? Arrays.copyOfRange(pemOrDer, begin, pemOrDer.length) : pemOrDer,
          isNew ? "NEW CERTIFICATE REQUEST" : "CERTIFICATE REQUEST",
          MAX_LINES_PER_CERTIFICATE);
    } catch (WardgateException | IllegalArgumentException e) {
      throw new WardgateException(Reason.CSR_MALFORMED, "not a certification request in PEM", e);
    }
  }

  private static byte[] only(byte[] pemOrDer, String label, int maxLines) throws WardgateException {
    if (pemOrDer.length > 0 && pemOrDer[0] == DER_SEQUENCE) {
      return pemOrDer.clone();
    }
    List<Block> blocks = blocks(pemOrDer, label, maxLines);
    if (blocks.size() > 1) {
      throw unreadable(blocks.get(1).line(), "more than one");
    }
    return Base64.getDecoder().decode(blocks.get(0).base64());
  }

  /**
   * What stands between two lines of the same label.
   *
   * @param line where it begins
   * @param base64 without its line breaks
   */
  private record Block(int line, String base64) {}

  private static List<Block> blocks(byte[] pem, String label, int maxLines)
      throws WardgateException {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    List<Block> blocks = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    int begun = 0;
    int number = 0;
    for (String line : new String(pem, US_ASCII).lines().toList()) {
      number++;
      if (begun == 0) {
        if (line.equals(begin)) {
          begun = number;
        } else if (!line.isBlank()) {
          throw unreadable(number, "only " + label + " belongs here");
        }
      } else if (line.equals(end)) {
        blocks.add(new Block(begun, body.toString()));
        body.setLength(0);
        begun = 0;
      } else if (line.length() > LINE || number - begun > maxLines) {
        throw unreadable(number, "a line or a certificate is too long");
      } else {
        body.append(line);
      }
    }
    if (begun != 0) {
      throw unreadable(begun, "no end");
    }
    if (blocks.isEmpty()) {
      throw unreadable(1, "no " + label);
    }
    return blocks;
  }

  private static X509Certificate decode(Block block) throws WardgateException {
    int line = block.line();
    try {
      byte[] der = Base64.getDecoder().decode(block.base64());
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
