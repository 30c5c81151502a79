// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.KeyFingerprint;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.SecureRandom;
import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.crypto.SecretKey;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.ExtensiblePrincipal;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.scandium.auth.ApplicationLevelInfoSupplier;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks core's verifier about every peer of a handshake, and ties what it answers to the session.
 *
 * <p>The {@link AuthenticatedPeer} is made when the certificate or identity is judged, but reaches
 * a request only through the session, which exists only once the peer has proved the key.
 */
final class PeerGate
    implements NewAdvancedCertificateVerifier, AdvancedPskStore, ApplicationLevelInfoSupplier {

  private static final String PEER = "wardgate-peer";
  private static final String USE = "wardgate-use";
  private static final int UNPROVABLE_KEY_BYTES = 32;

  private static final Logger LOG = LoggerFactory.getLogger(PeerGate.class.getPackageName());

  private final PeerVerifier peers;
  private final HandshakeWatch watch;
  private final Predicate<DeviceId> hasPlaceFor;
  private final SecureRandom random;
  private final LongSupplier nanos;

  PeerGate(
      PeerVerifier peers,
      HandshakeWatch watch,
      Predicate<DeviceId> hasPlaceFor,
      SecureRandom random,
      LongSupplier nanos) {
    this.hasPlaceFor = hasPlaceFor;
    this.nanos = nanos;
    this.peers = peers;
    this.watch = watch;
    this.random = random;
  }

  /**
   * A peer that comes back to a session it had.
   *
   * @param age of that session
   */
  record CameBack(AuthenticatedPeer peer, Duration age) {}

  /** The peer of a session's principal, or null if the session is not one of ours. */
  static @Nullable AuthenticatedPeer peerOf(@Nullable Principal principal) {
    return principal instanceof ExtensiblePrincipal<?> extensible
        ? extensible.getExtendedInfo().get(PEER, AuthenticatedPeer.class)
        : null;
  }

  /** How a session of ours was used so far, or null if it is not one of ours. */
  static @Nullable SessionUse useOf(@Nullable Principal principal) {
    return principal instanceof ExtensiblePrincipal<?> extensible
        ? extensible.getExtendedInfo().get(USE, SessionUse.class)
        : null;
  }

  /**
   * Judges a peer by what it proved once, as if it proved it now.
   *
   * @throws WardgateException what it would be refused for
   */
  AuthenticatedPeer again(@Nullable Principal principal) throws WardgateException {
    if (principal instanceof X509CertPath proved) {
      return admitted(peers.verify(Certificates.chainOf(proved.getPath())));
    }
    if (principal instanceof PreSharedKeyIdentity proved) {
      return admitted(peers.verify(proved.getIdentity()));
    }
    throw new WardgateException(Reason.NO_CREDENTIAL, "a session of nobody");
  }

  /** Refuses a device that comes too often, or that there is no place for, by whatever way. */
  private AuthenticatedPeer admitted(AuthenticatedPeer peer) throws WardgateException {
    if (!watch.mayCome(peer.device())) {
      throw new WardgateException(Reason.TOO_MANY_ATTEMPTS, peer.device() + " comes too often");
    }
    if (!hasPlaceFor.test(peer.device())) {
      throw new WardgateException(
          Reason.SESSIONS_FULL, "all sessions are taken, and none is silent");
    }
    return peer;
  }

  /**
   * The principal of a connection that goes on over a restart, with what a session of ours carries.
   */
  Principal restored(
      Principal principal,
      AuthenticatedPeer peer,
      Duration age,
      long records,
      long lastMessageNanos) {
    SessionUse use = SessionUse.restored(nanos, age, records, lastMessageNanos);
    return principal instanceof ExtensiblePrincipal<?> extensible
        ? extensible.amend(AdditionalInfo.from(Map.of(PEER, peer, USE, use)))
        : principal;
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return List.of(CertificateType.X_509);
  }

  @Override
  public CertificateVerificationResult verifyCertificate(
      ConnectionId cid,
      ServerNames serverName,
      InetSocketAddress remotePeer,
      boolean clientUsage,
      boolean verifySubject,
      boolean truncateCertificatePath,
      CertificateMessage message) {
    CertPath path = message.getCertificateChain();
    List<X509Certificate> chain = Certificates.chainOf(path);
    if (!chain.isEmpty() && !watch.mayShow(cid, Certificates.keyOf(chain.get(0)))) {
      return refused(
          cid, new WardgateException(Reason.TOO_MANY_ATTEMPTS, "not listened to for a while"));
    }
    try {
      return new CertificateVerificationResult(cid, path, admitted(peers.verify(chain)));
    } catch (WardgateException e) {
      return refused(cid, e);
    } catch (RuntimeException e) {
      return refused(cid, ourFault(e));
    }
  }

  private CertificateVerificationResult refused(ConnectionId cid, WardgateException refusal) {
    watch.refusedEarly(cid, refusal.reason());
    return new CertificateVerificationResult(cid, Certificates.refusal(refusal), null);
  }

  /** Nobody is let in by a fault of ours, and no handshake is left hanging. */
  private static WardgateException ourFault(RuntimeException fault) {
    LOG.error("a peer could not be judged", fault);
    return new WardgateException(Reason.HANDSHAKE_FAILED, "a fault of ours", fault);
  }

  @Override
  public List<X500Principal> getAcceptedIssuers() {
    // Names of our authorities are nobody's business before the handshake is done (5.6-2).
    return List.of();
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  @Override
  public PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    // Hashed: it may be as long as a datagram, and is remembered.
    String claimed = KeyFingerprint.ofPskIdentity(identity.getPublicInfoAsString()).hex();
    if (!watch.mayGuess(cid, claimed)) {
      return unprovable(cid, identity, Reason.TOO_MANY_ATTEMPTS);
    }
    try {
      return proofOf(cid, identity);
    } catch (RuntimeException e) {
      return unprovable(cid, identity, ourFault(e).reason());
    }
  }

  private PskSecretResult proofOf(ConnectionId cid, PskPublicInformation identity) {
    // A text that is not the identity's exact bytes would let two byte strings share one name.
    Optional<PreSharedKey> found =
        identity.isCompliantEncoding()
            ? peers.preSharedKey(identity.getPublicInfoAsString())
            : Optional.empty();
    if (found.isEmpty()) {
      return unprovable(cid, identity, Reason.PSK_IDENTITY_UNKNOWN);
    }
    PreSharedKey key = found.get();
    byte[] secret = key.copyOfKey();
    try {
      return new PskSecretResult(
          cid,
          identity,
          SecretUtil.create(secret, PskSecretResult.ALGORITHM_PSK),
          admitted(peers.verify(key.identity())));
    } catch (WardgateException e) {
      return unprovable(cid, identity, e.reason());
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /**
   * A key nobody has: the handshake goes on as for a wrong key and fails where that would, so that
   * the peer cannot tell the two apart. It carries no peer, so it could not end in a session of
   * ours.
   */
  private PskSecretResult unprovable(
      ConnectionId cid, PskPublicInformation identity, Reason reason) {
    watch.refusedEarly(cid, reason);
    byte[] nobodys = new byte[UNPROVABLE_KEY_BYTES];
    random.nextBytes(nobodys);
    return new PskSecretResult(
        cid, identity, SecretUtil.create(nobodys, PskSecretResult.ALGORITHM_PSK));
  }

  @Override
  public @Nullable PskPublicInformation getIdentity(
      InetSocketAddress peerAddress, ServerNames virtualHost) {
    // Asked by clients only.
    return null;
  }

  @Override
  public AdditionalInfo getInfo(Principal peerIdentity, @Nullable Object customArgument) {
    if (customArgument instanceof AuthenticatedPeer peer) {
      return AdditionalInfo.from(Map.of(PEER, peer, USE, SessionUse.begins(nanos)));
    }
    return customArgument instanceof CameBack back
        ? AdditionalInfo.from(Map.of(PEER, back.peer(), USE, SessionUse.resumed(nanos, back.age())))
        : AdditionalInfo.empty();
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // Results are given at once, from memory.
  }
}
