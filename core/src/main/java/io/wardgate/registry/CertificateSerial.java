// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import javax.security.auth.x500.X500Principal;

/**
 * Which certificate of which authority: RFC 5280 section 4.1.2.2 has an authority give each number
 * once.
 *
 * @param issuer the first 16 hexadecimal digits of the SHA-256 of the authority's name in DER
 * @param number the serial number in lower-case hexadecimal, without leading zeros
 */
public record CertificateSerial(String issuer, String number) {

  /** More than the 20 bytes that RFC 5280 allows: what a careless authority made is still one. */
  static final int MAX_DIGITS = 80;

  static final int ISSUER_DIGITS = 16;

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if either is not as described
   */
  public CertificateSerial {
    if (!HexDigits.exactly(ISSUER_DIGITS, issuer) || !isNumber(number)) {
      throw new IllegalArgumentException("not a certificate's issuer and serial number");
    }
  }

  /**
   * Of {@code certificate}.
   *
   * @throws IllegalArgumentException if its number has more than 40 bytes
   */
  public static CertificateSerial of(X509Certificate certificate) {
    return new CertificateSerial(
        nameOf(certificate.getIssuerX500Principal()), certificate.getSerialNumber().toString(16));
  }

  /**
   * Of the certificate that {@code authority} gave this number.
   *
   * @throws IllegalArgumentException if the number has more than 40 bytes
   */
  public static CertificateSerial of(X509Certificate authority, BigInteger number) {
    return new CertificateSerial(nameOf(authority.getSubjectX500Principal()), number.toString(16));
  }

  /** An authority's name as {@link #issuer} has it. */
  public static String nameOf(X500Principal authority) {
    return KeyFingerprint.sha256(authority.getEncoded()).substring(0, ISSUER_DIGITS);
  }

  private static boolean isNumber(String text) {
    int first = text.startsWith("-") ? 1 : 0;
    int digits = text.length() - first;
    return text.equals("0")
        || (digits >= 1
            && digits <= MAX_DIGITS
            && text.charAt(first) != '0'
            && HexDigits.all(text, first));
  }

  /** Both, with a colon between. */
  @Override
  public String toString() {
    return issuer + ":" + number;
  }
}
