// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.time.ClockReading;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.util.IPAddress;

/**
 * What a sensor accepts as its gateway: one authority, one name.
 *
 * <p>The gateway's certificate must be for servers ({@code serverAuth}) and carry the name as a
 * {@code dNSName} or {@code iPAddress} of its subjectAltName, letter for letter; wildcards and
 * common names count for nothing. A device's certificate is therefore never a gateway's, even if
 * one authority had issued both. Immutable and thread-safe. Supports EN 303 645 5.5-1.
 */
public final class GatewayTrust {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** A sensor has no way to be told of revocations: its gateway's certificate is short-lived. */
  private static final Revocations NO_REVOCATIONS = Revocations.inMemory();

  private final X509Certificate gatewayCa;
  private final String name;
  private final ChainVerifier verifier;

  private GatewayTrust(X509Certificate gatewayCa, String name) {
    this.gatewayCa = gatewayCa;
    this.name = name;
    this.verifier =
        new ChainVerifier(
            List.of(new TrustAnchor(AnchorPurpose.GATEWAY, "", gatewayCa)),
            List.of(),
            NO_REVOCATIONS,
            RevocationPolicy.DEFAULT);
  }

  /**
   * Trusts the gateway of that name, certified by that authority.
   *
   * @param name a DNS name or IP address that the gateway's certificate has; an IPv6 address in any
   *     spelling
   * @throws IllegalArgumentException if the certificate is not an authority's or the name is blank
   */
  public static GatewayTrust anchoredAt(X509Certificate gatewayCa, String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("the gateway's name is required");
    }
    return new GatewayTrust(gatewayCa, canonical(name));
  }

  /** The expected name. */
  public String name() {
    return name;
  }

  /** The authority. */
  public X509Certificate gatewayCa() {
    return gatewayCa;
  }

  /**
   * Checks the chain a gateway presented, leaf first.
   *
   * @throws WardgateException with the reason of the first rule that is broken
   */
  public void verify(List<X509Certificate> chain, Instant now) throws WardgateException {
    verifier.verify(chain, ClockReading.synced(now));
    if (!carriesName(chain.get(0))) {
      throw new WardgateException(Reason.GATEWAY_NAME_MISMATCH, "expected " + name);
    }
  }

  /** An IPv6 address as the platform spells the ones it reads from certificates. */
  private static String canonical(String name) {
    try {
      // Only a literal is looked at, so no name is ever looked up.
      return IPAddress.isValidIPv6(name) ? InetAddress.getByName(name).getHostAddress() : name;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address", e);
    }
  }

  private boolean carriesName(X509Certificate leaf) throws WardgateException {
    String wanted = name.toLowerCase(Locale.ROOT);
    return names(leaf).stream().anyMatch(n -> n.toLowerCase(Locale.ROOT).equals(wanted));
  }

  /** Whether it is somebody's whom a sensor could ask for. */
  static boolean carriesAnyName(X509Certificate leaf) throws WardgateException {
    return !names(leaf).isEmpty();
  }

  private static List<String> names(X509Certificate leaf) throws WardgateException {
    try {
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(n -> n.get(0).equals(DNS_NAME) || n.get(0).equals(IP_ADDRESS))
              .map(n -> n.get(1).toString())
              .toList();
    } catch (CertificateParsingException e) {
      throw new WardgateException(
          Reason.GATEWAY_NAME_MISMATCH, "the subjectAltName does not parse", e);
    }
  }
}
