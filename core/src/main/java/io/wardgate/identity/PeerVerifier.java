// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.Registration;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Decides whether a peer is one of the gateway's devices; the only maker of {@link
 * AuthenticatedPeer}.
 *
 * <p>A certificate names its device by exactly one X.520 {@code serialNumber} in its subject (RFC
 * 7925 section 4.4.2), within the namespace of the anchor that vouches for it. A pre-shared key
 * names the device it was made for. Either way the device must be registered and in service, with
 * this key if the registration names any, and its role is the registration's. Each refusal has one
 * {@link Reason}. Answers from memory; thread-safe. Supports EN 303 645 5.1-3, 5.5-4 and 5.5-5.
 */
public final class PeerVerifier {

  private final DeviceTrust trust;
  private final DeviceRegistry registry;
  private final InstantSource clock;

  /** A verifier over these anchors and keys, this registry, and this clock. */
  public PeerVerifier(DeviceTrust trust, DeviceRegistry registry, InstantSource clock) {
    this.trust = trust;
    this.registry = registry;
    this.clock = clock;
  }

  /** What is accepted as proof. */
  public DeviceTrust trust() {
    return trust;
  }

  /**
   * Checks a chain whose private key the peer is about to prove, leaf first.
   *
   * @throws WardgateException with the reason of the first rule that is broken
   */
  public AuthenticatedPeer verify(List<X509Certificate> chain) throws WardgateException {
    X509Certificate anchor =
        CertificatePath.check(
            chain, trust.anchorCertificates(), CertificatePath.CLIENT_AUTH, clock.instant());
    X509Certificate leaf = chain.get(0);
    DeviceId device = new DeviceId(namespaceOf(anchor), serialOf(leaf));
    return registered(
        device,
        AuthenticatedPeer.Credential.CERTIFICATE,
        KeyFingerprint.of(leaf.getPublicKey()),
        leaf.getNotAfter().toInstant());
  }

  /**
   * The key a peer claiming this identity must prove, or empty if nobody goes by it here; a device
   * out of service looks like one that never was.
   */
  public Optional<PreSharedKey> preSharedKey(String identity) {
    return trust
        .preSharedKey(identity)
        .filter(
            key ->
                registry
                    .find(key.device())
                    .filter(known -> known.state().refusal().isEmpty())
                    .isPresent());
  }

  /**
   * The peer that proved the key of this identity.
   *
   * @throws WardgateException {@link Reason#PSK_IDENTITY_UNKNOWN}, {@link
   *     Reason#DEVICE_NOT_REGISTERED}, {@link Reason#KEY_NOT_REGISTERED}, {@link
   *     Reason#DEVICE_SUSPENDED}, {@link Reason#DEVICE_REVOKED} or {@link Reason#DEVICE_RETIRED}
   */
  public AuthenticatedPeer verify(String pskIdentity) throws WardgateException {
    PreSharedKey key =
        trust
            .preSharedKey(pskIdentity)
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.PSK_IDENTITY_UNKNOWN, "no key under the claimed identity"));
    return registered(
        key.device(),
        AuthenticatedPeer.Credential.PRE_SHARED_KEY,
        KeyFingerprint.ofPskIdentity(key.identity()),
        Instant.MAX);
  }

  /**
   * The same peer as of now: still in service, credential still valid, role as registered now.
   * Asked for each request, because a session outlives the facts it was opened on.
   *
   * @throws WardgateException {@link Reason#CERTIFICATE_EXPIRED}, or what {@link #verify(String)}
   *     says of a registration
   */
  public AuthenticatedPeer stillStands(AuthenticatedPeer peer) throws WardgateException {
    if (clock.instant().isAfter(peer.notAfter())) {
      throw new WardgateException(
          Reason.CERTIFICATE_EXPIRED, "the credential expired during the session");
    }
    return registered(peer.device(), peer.credential(), peer.key(), peer.notAfter());
  }

  /** Notes that a peer has come: from its first session on, a device is active. */
  public void came(AuthenticatedPeer peer) {
    registry.activate(peer.device());
  }

  private AuthenticatedPeer registered(
      DeviceId device,
      AuthenticatedPeer.Credential credential,
      KeyFingerprint key,
      Instant notAfter)
      throws WardgateException {
    Registration registration =
        registry
            .find(device)
            .orElseThrow(
                () -> new WardgateException(Reason.DEVICE_NOT_REGISTERED, device.toString()));
    if (!registration.admits(key)) {
      // A clone, or a credential that was issued and never handed over: the name alone is no proof.
      throw new WardgateException(Reason.KEY_NOT_REGISTERED, device.toString());
    }
    Optional<Reason> outOfService = registration.state().refusal();
    if (outOfService.isPresent()) {
      throw new WardgateException(outOfService.get(), device.toString());
    }
    return new AuthenticatedPeer(device, registration.role(), credential, key, notAfter);
  }

  private String namespaceOf(X509Certificate anchor) {
    return trust.anchors().stream()
        .filter(a -> a.certificate().equals(anchor))
        .findFirst()
        .orElseThrow()
        .namespace();
  }

  private static String serialOf(X509Certificate leaf) throws WardgateException {
    X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
    RDN[] serials = subject.getRDNs(BCStyle.SERIALNUMBER);
    if (serials.length != 1 || serials[0].isMultiValued()) {
      throw new WardgateException(
          Reason.IDENTITY_MISSING, "the subject has " + serials.length + " serial numbers");
    }
    try {
      String serial = ASN1PrintableString.getInstance(serials[0].getFirst().getValue()).getString();
      return DeviceId.of(serial).serial();
    } catch (IllegalArgumentException e) {
      throw new WardgateException(
          Reason.IDENTITY_MISSING, "the subject's serial number is not a device serial", e);
    }
  }
}
