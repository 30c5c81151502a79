// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a gateway accepts as proof of being a device: trust anchors, pre-shared keys, or both.
 *
 * <p>There is no empty trust and no way to trust everybody: each factory names at least one anchor
 * or one source of keys. The gateway's own authority must not be among them; device certificates
 * and gateway certificates come from two authorities, so that a stolen device credential can never
 * play the gateway. Immutable.
 */
public final class DeviceTrust {

  private final List<TrustAnchor> anchors;
  private final List<PreSharedKeys> preSharedKeys;

  private final RevocationPolicy revocationPolicy;

  private DeviceTrust(
      List<TrustAnchor> anchors,
      List<PreSharedKeys> preSharedKeys,
      RevocationPolicy revocationPolicy) {
    this.revocationPolicy = revocationPolicy;
    this.anchors = List.copyOf(anchors);
    this.preSharedKeys = List.copyOf(preSharedKeys);
  }

  /**
   * Trusts devices certified by the gateway's own device authority; their namespace is empty.
   *
   * @throws IllegalArgumentException if the certificate is not a certificate authority's
   */
  public static DeviceTrust anchoredAt(X509Certificate deviceCa) {
    return anchoredAt("", deviceCa);
  }

  /**
   * Trusts devices certified by another authority, in a namespace of its own.
   *
   * @throws IllegalArgumentException if the namespace breaks the rule of {@link
   *     io.wardgate.DeviceId}, or the certificate is not a certificate authority's
   */
  public static DeviceTrust anchoredAt(String namespace, X509Certificate deviceCa) {
    return of(new TrustAnchor(AnchorPurpose.OPERATOR, namespace, deviceCa));
  }

  /**
   * Lets devices that carry a certificate of their manufacturer (IDevID, IEEE 802.1AR) ask to be
   * enrolled, and nothing else.
   *
   * @throws IllegalArgumentException as for {@link #anchoredAt(String, X509Certificate)}
   */
  public static DeviceTrust manufacturer(String namespace, X509Certificate manufacturerCa) {
    return of(new TrustAnchor(AnchorPurpose.MANUFACTURER, namespace, manufacturerCa));
  }

  private static DeviceTrust of(TrustAnchor anchor) {
    return new DeviceTrust(List.of(anchor), List.of(), RevocationPolicy.DEFAULT);
  }

  /** Trusts devices that prove a pre-shared key. */
  public static DeviceTrust ofPreSharedKeys(PreSharedKeys keys) {
    return new DeviceTrust(List.of(), List.of(keys), RevocationPolicy.DEFAULT);
  }

  /**
   * Trusts what either trusts.
   *
   * @throws IllegalArgumentException if one authority's key stands in two namespaces, because its
   *     devices would have two names, or for two purposes; or if two authorities stand in one for
   *     one purpose, because equal serials would be one device. An authority renewed under its own
   *     name may stand beside its old self
   */
  public DeviceTrust and(DeviceTrust other) {
    List<TrustAnchor> allAnchors = new ArrayList<>(anchors);
    for (TrustAnchor more : other.anchors) {
      anchors.forEach(known -> requireApart(known, more));
      allAnchors.add(more);
    }
    List<PreSharedKeys> allKeys = new ArrayList<>(preSharedKeys);
    allKeys.addAll(other.preSharedKeys);
    return new DeviceTrust(allAnchors, allKeys, revocationPolicy.and(other.revocationPolicy));
  }

  /** The same, with another rule for revocation lists than {@link RevocationPolicy#DEFAULT}. */
  public DeviceTrust with(RevocationPolicy policy) {
    return new DeviceTrust(anchors, preSharedKeys, policy);
  }

  /** What is done when revocation lists do not say enough. */
  public RevocationPolicy revocationPolicy() {
    return revocationPolicy;
  }

  private static void requireApart(TrustAnchor known, TrustAnchor more) {
    boolean isOneKey = known.certificate().getPublicKey().equals(more.certificate().getPublicKey());
    boolean isOneName =
        known
            .certificate()
            .getSubjectX500Principal()
            .equals(more.certificate().getSubjectX500Principal());
    boolean isOneNamespace = known.namespace().equals(more.namespace());
    if (isOneKey && !isOneNamespace) {
      throw new IllegalArgumentException("one authority in two namespaces");
    }
    if (isOneKey && known.purpose() != more.purpose()) {
      throw new IllegalArgumentException("one authority for two purposes");
    }
    if (isOneNamespace && known.purpose() == more.purpose() && !isOneName) {
      throw new IllegalArgumentException("two authorities in one namespace");
    }
  }

  /** Whether certificates are accepted at all. */
  public boolean acceptsCertificates() {
    return !anchors.isEmpty();
  }

  /** Whether pre-shared keys are accepted at all. */
  public boolean acceptsPreSharedKeys() {
    return !preSharedKeys.isEmpty();
  }

  /** The anchors' certificates. */
  public List<X509Certificate> anchorCertificates() {
    return anchors.stream().map(TrustAnchor::certificate).toList();
  }

  /** Whether devices of the empty namespace come with certificates of this authority. */
  public boolean isAnchoredAt(X509Certificate authority) {
    return anchors.stream()
        .anyMatch(
            anchor ->
                anchor.purpose() == AnchorPurpose.OPERATOR
                    && anchor.namespace().isEmpty()
                    && anchor.certificate().equals(authority));
  }

  /** Whether one of these anchors certified the gateway itself; then it must not be used so. */
  public boolean vouchesFor(GatewayIdentity gateway) {
    return CertificatePath.anySigned(gateway.chain(), anchorCertificates());
  }

  List<TrustAnchor> anchors() {
    return anchors;
  }

  Optional<PreSharedKey> preSharedKey(String identity) {
    return preSharedKeys.stream().flatMap(keys -> keys.find(identity).stream()).findFirst();
  }
}
