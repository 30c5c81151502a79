// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.DeviceId;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * Proof that a peer holds a credential of its own and is registered here; only {@link PeerVerifier}
 * makes one.
 *
 * <p>Who has one of these may be answered. The role is the registration's at the time of the proof;
 * {@link PeerVerifier#stillStands} renews it for each request. Immutable.
 */
public final class AuthenticatedPeer {

  /** What the peer proved possession of. */
  public enum Credential {
    /** The private key of an X.509 certificate. */
    CERTIFICATE,
    /** A pre-shared key. */
    PRE_SHARED_KEY
  }

  private final DeviceId device;
  private final Role role;
  private final Credential credential;
  private final KeyFingerprint key;
  private final Instant notAfter;
  private final Optional<VerifiedChain> chain;
  private final long proof;

  AuthenticatedPeer(
      DeviceId device,
      Role role,
      Credential credential,
      KeyFingerprint key,
      Instant notAfter,
      Optional<VerifiedChain> chain,
      long proof) {
    this.proof = proof;
    this.chain = chain;
    this.key = key;
    this.device = device;
    this.role = role;
    this.credential = credential;
    this.notAfter = notAfter;
  }

  /** Who it is. */
  public DeviceId device() {
    return device;
  }

  /** What it is registered for. */
  public Role role() {
    return role;
  }

  /** What it proved possession of. */
  public Credential credential() {
    return credential;
  }

  /** Which one. */
  public KeyFingerprint key() {
    return key;
  }

  /**
   * The last instant at which its credential and all that vouches for it are valid; {@link
   * Instant#MAX} for pre-shared keys.
   */
  public Instant notAfter() {
    return notAfter;
  }

  /**
   * Whether it proved a certificate of its manufacturer only, which opens enrolment and nothing
   * else.
   */
  public boolean isToBeEnrolled() {
    return chain
        .filter(verified -> verified.anchor().purpose() == AnchorPurpose.MANUFACTURER)
        .isPresent();
  }

  /** The certificates it proved itself by; empty for pre-shared keys. */
  public Optional<VerifiedChain> chain() {
    return chain;
  }

  /** Which proof this is; within a process no two handshakes have the same. */
  public long proof() {
    return proof;
  }

  /** The device and its role. */
  @Override
  public String toString() {
    return device + " (" + role + ")";
  }
}
