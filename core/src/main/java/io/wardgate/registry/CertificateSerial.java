// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import java.security.cert.X509Certificate;

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
    byte[] name = certificate.getIssuerX500Principal().getEncoded();
    return new CertificateSerial(
        KeyFingerprint.sha256(name).substring(0, ISSUER_DIGITS),
        certificate.getSerialNumber().toString(16));
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
