// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.time.ClockReading;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Decides whether a peer is one of the gateway's devices; the only maker of {@link
 * AuthenticatedPeer}.
 *
 * <p>A certificate names its device by the rule of {@link ChainVerifier#deviceOf}, within the
 * namespace of the anchor that vouches for it. A pre-shared key names the device it was made for.
 * Either way the device must be registered and in service, with this key if the registration names
 * any, and its role is the registration's. Each refusal has one {@link Reason}. Answers from
 * memory; thread-safe. Supports EN 303 645 5.1-3, 5.5-4 and 5.5-5.
 */
public final class PeerVerifier {

  /** The role of who is not registered yet; there is no registration that could have it. */
  private static final Role TO_BE_ENROLLED = Role.of("to-be-enrolled");

  private static final AtomicLong PROOFS = new AtomicLong();

  private final DeviceTrust trust;
  private final Optional<ChainVerifier> chains;
  private final Revocations revocations;
  private final DeviceRegistry registry;
  private final Supplier<ClockReading> clock;
  private final Optional<BiPredicate<DeviceId, KeyFingerprint>> mayAsk;

  /** A verifier by a clock that is right; nothing is revoked. */
  public PeerVerifier(DeviceTrust trust, DeviceRegistry registry, InstantSource clock) {
    this(trust, Revocations.inMemory(), registry, () -> ClockReading.synced(clock.instant()));
  }

  /** A verifier over these anchors and keys, these revocations, this registry, and this clock. */
  public PeerVerifier(
      DeviceTrust trust,
      Revocations revocations,
      DeviceRegistry registry,
      Supplier<ClockReading> clock) {
    this(trust, revocations, registry, clock, Optional.empty());
  }

  private PeerVerifier(
      DeviceTrust trust,
      Revocations revocations,
      DeviceRegistry registry,
      Supplier<ClockReading> clock,
      Optional<BiPredicate<DeviceId, KeyFingerprint>> mayAsk) {
    this.mayAsk = mayAsk;
    this.trust = trust;
    this.chains =
        trust.acceptsCertificates()
            ? Optional.of(
                new ChainVerifier(
                    trust.anchors(), List.of(), revocations, trust.revocationPolicy()))
            : Optional.empty();
    this.revocations = revocations;
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * The same, where devices are enrolled: whoever a manufacturer's authority vouches for may ask
   * for it, registered or not, unless it is out of service. It stays {@link
   * AuthenticatedPeer#isToBeEnrolled to be enrolled}, whatever it is registered for.
   *
   * @param who whether a manufacturer's certificate of that key may ask for that device; it answers
   *     from memory. Whoever may not is refused with {@link Reason#KEY_NOT_REGISTERED}
   */
  public PeerVerifier enrolling(BiPredicate<DeviceId, KeyFingerprint> who) {
    return new PeerVerifier(trust, revocations, registry, clock, Optional.of(who));
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
    if (chains.isEmpty()) {
      throw new WardgateException(Reason.UNKNOWN_AUTHORITY, "no authority is trusted here");
    }
    VerifiedChain verified = chains.get().verify(chain, now());
    DeviceId device =
        ChainVerifier.deviceOf(verified)
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.IDENTITY_MISSING, "the certificate names no device"));
    return registered(
        device,
        AuthenticatedPeer.Credential.CERTIFICATE,
        KeyFingerprint.of(verified.leaf().getPublicKey()),
        verified.notAfter(),
        Optional.of(verified),
        PROOFS.incrementAndGet());
  }

  /** The time that peers are judged by, as far as it may be believed. */
  public ClockReading now() {
    return clock.get();
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
        Instant.MAX,
        Optional.empty(),
        PROOFS.incrementAndGet());
  }

  /**
   * The same peer as of now: still in service, credential still valid, role as registered now.
   * Asked for each request, because a session outlives the facts it was opened on.
   *
   * @throws WardgateException {@link Reason#CERTIFICATE_EXPIRED}, {@link
   *     Reason#CERTIFICATE_REVOKED}, {@link Reason#REVOCATION_UNKNOWN}, or what {@link
   *     #verify(String)} says of a registration
   */
  public AuthenticatedPeer stillStands(AuthenticatedPeer peer) throws WardgateException {
    if (now().certainlyAfter(peer.notAfter())) {
      throw new WardgateException(
          Reason.CERTIFICATE_EXPIRED, "the credential expired during the session");
    }
    if (peer.chain().isPresent()) {
      var unused = revocations.require(peer.chain().get().links(), trust.revocationPolicy(), now());
    }
    return registered(
        peer.device(), peer.credential(), peer.key(), peer.notAfter(), peer.chain(), peer.proof());
  }

  /** Whether {@link #stillStands} would not refuse it. */
  public boolean stands(AuthenticatedPeer peer) {
    try {
      return stillStands(peer).device().equals(peer.device());
    } catch (WardgateException e) {
      return false;
    }
  }

  /**
   * Notes that a peer has come: from its first session on, a device is active. Not by its
   * manufacturer's certificate, with which it is not at work yet.
   */
  public void came(AuthenticatedPeer peer) {
    if (!peer.isToBeEnrolled()) {
      registry.came(peer.device(), peer.key());
    }
  }

  private AuthenticatedPeer registered(
      DeviceId device,
      AuthenticatedPeer.Credential credential,
      KeyFingerprint key,
      Instant notAfter,
      Optional<VerifiedChain> chain,
      long proof)
      throws WardgateException {
    boolean asks =
        mayAsk.isPresent()
            && chain.filter(by -> by.anchor().purpose() == AnchorPurpose.MANUFACTURER).isPresent();
    if (asks && !mayAsk.orElseThrow().test(device, key)) {
      throw new WardgateException(Reason.KEY_NOT_REGISTERED, device.toString());
    }
    Optional<Registration> known = registry.find(device);
    if (asks && known.isEmpty()) {
      return new AuthenticatedPeer(device, TO_BE_ENROLLED, credential, key, notAfter, chain, proof);
    }
    Registration registration =
        known.orElseThrow(
            () -> new WardgateException(Reason.DEVICE_NOT_REGISTERED, device.toString()));
    if (!asks && !registration.admits(key)) {
      // A clone, or a credential that was issued and never handed over: the name alone is no proof.
      throw new WardgateException(Reason.KEY_NOT_REGISTERED, device.toString());
    }
    Optional<Reason> outOfService = registration.state().refusal();
    if (outOfService.isPresent()) {
      throw new WardgateException(outOfService.get(), device.toString());
    }
    return new AuthenticatedPeer(
        device, registration.role(), credential, key, notAfter, chain, proof);
  }
}
