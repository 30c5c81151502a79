// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/**
 * A name devices reach a gateway by: a DNS name in letters, digits and hyphens (RFC 1123 section
 * 2.1, lower-cased), or an IP address. No wildcards, no ports, no zones. Immutable.
 *
 * @param text the name
 */
public record HostName(String text) {

  private static final int MAX_LENGTH = 253;
  private static final int MAX_COMMON_NAME = 64;
  private static final Pattern DNS =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

  /**
   * Checks and lower-cases.
   *
   * @throws IllegalArgumentException if it is neither a DNS name nor an IP address
   */
  public HostName {
    text = text.toLowerCase(Locale.ROOT);
    boolean dns = DNS.matcher(text).matches() && !DIGITS_AND_DOTS.matcher(text).matches();
    if (text.length() > MAX_LENGTH || !(dns || isAddress(text))) {
      throw new IllegalArgumentException("neither a DNS name nor an IP address");
    }
  }

  /** The DNS names and IP addresses a certificate carries as subjectAltName, in its order. */
  public static List<HostName> in(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(
                  name ->
                      name.get(0).equals(GeneralName.dNSName)
                          || name.get(0).equals(GeneralName.iPAddress))
              .map(name -> new HostName(name.get(1).toString()))
              .toList();
    } catch (CertificateParsingException e) {
      throw new IllegalArgumentException("the subjectAltName does not parse", e);
    }
  }

  /** Whether it is an IP address rather than a DNS name. */
  public boolean isAddress() {
    return isAddress(text);
  }

  GeneralName generalName() {
    return new GeneralName(isAddress() ? GeneralName.iPAddress : GeneralName.dNSName, text);
  }

  /** At most what X.520 lets a common name have; nobody here reads it. */
  String commonName() {
    return text.length() > MAX_COMMON_NAME ? text.substring(0, MAX_COMMON_NAME) : text;
  }

  private static boolean isAddress(String text) {
    return IPAddress.isValid(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
