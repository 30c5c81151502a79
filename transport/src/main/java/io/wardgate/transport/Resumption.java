// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.WardgateException;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.time.ClockReading;
import io.wardgate.time.ClockState;
import io.wardgate.time.TrustedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.ResumptionVerificationResult;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.dtls.SessionStore;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.resumption.ResumptionVerifier;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which sessions are resumed: the substrate would resume any that it finds.
 *
 * <p>A device that comes back with a session is judged as if it had come with its certificate or
 * key: the chain is verified anew, with expiry, revocation and the device's state. The session must
 * be young enough, and of a suite that is allowed now. Otherwise it is forgotten and the handshake
 * goes on as a whole one, at whose end the device hears the reason. The cookie is never skipped
 * (CVE-2022-2576). Thread-safe.
 */
final class Resumption implements ResumptionVerifier, SessionStore {

  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class.getPackageName());

  private final SavedSessions saved;
  private final PeerGate gate;
  private final Set<CipherSuite> suites;
  private final SessionLimits limits;
  private final Supplier<ClockReading> clock;

  private volatile boolean isServing;

  Resumption(
      SavedSessions saved,
      PeerGate gate,
      Set<CipherSuite> suites,
      SessionLimits limits,
      Supplier<ClockReading> clock) {
    this.saved = saved;
    this.gate = gate;
    this.suites = Set.copyOf(suites);
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * A session that was kept.
   *
   * @param began when its secret was agreed on, by a clock as good as there was
   */
  private record Kept(DTLSSession session, Instant began) {}

  /** From now on sessions are kept. Before, connections are put back whose sessions are. */
  void serve() {
    isServing = true;
  }

  /** How old a session is that began then; negative if the clock is behind that. */
  Duration ageSince(Instant began) {
    Duration age = Duration.between(began, clock.get().instant());
    boolean isJustSet = age.isNegative() && age.abs().compareTo(TrustedClock.TOLERANCE) <= 0;
    return isJustSet ? Duration.ZERO : age;
  }

  /** When a session of that age began. */
  Instant beganBefore(Duration age) {
    return clock.get().instant().minus(age);
  }

  /** The peer of a session of that age that may go on, or empty. */
  Optional<AuthenticatedPeer> standing(DTLSSession session, Duration age) {
    if (age.isNegative()
        || age.compareTo(limits.age()) > 0
        || !suites.contains(session.getCipherSuite())
        || !session.useExtendedMasterSecret()) {
      return Optional.empty();
    }
    try {
      return Optional.of(gate.again(session.getPeerIdentity()));
    } catch (WardgateException e) {
      LOG.debug("a session is not resumed: {}", e.reason());
      return Optional.empty();
    } catch (RuntimeException e) {
      // A fault of ours lets nobody in, and costs its device a full handshake.
      LOG.error("a session could not be judged", e);
      return Optional.empty();
    }
  }

  @Override
  public void put(DTLSSession session) {
    AuthenticatedPeer peer = PeerGate.peerOf(session.getPeerIdentity());
    SessionUse use = PeerGate.useOf(session.getPeerIdentity());
    if (peer == null || use == null || !isServing) {
      return;
    }
    Instant began = beganBefore(use.age());
    DatagramWriter writer = new DatagramWriter(1024, true);
    writer.writeLong(began.toEpochMilli(), Long.SIZE);
    session.writeTo(writer);
    byte[] bytes = writer.toByteArray();
    writer.close();
    saved.keep(
        peer.device(), session.getSessionIdentifier().getBytes(), bytes, began.plus(limits.age()));
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public @Nullable DTLSSession get(SessionId id) {
    return kept(id).map(Kept::session).orElse(null);
  }

  private Optional<Kept> kept(SessionId id) {
    byte[] bytes = saved.find(id.getBytes()).orElse(null);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      DatagramReader reader = new DatagramReader(bytes);
      Instant began = Instant.ofEpochMilli(reader.readLong(Long.SIZE));
      DTLSSession session = DTLSSession.fromReader(reader);
      return session != null && id.equals(session.getSessionIdentifier())
          ? Optional.of(new Kept(session, began))
          : Optional.empty();
    } catch (RuntimeException e) {
      LOG.debug("a kept session is of another version", e);
      return Optional.empty();
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public void remove(SessionId id) {
    saved.forget(id.getBytes());
  }

  @Override
  public boolean skipRequestHelloVerify(SessionId sessionId) {
    return false;
  }

  @Override
  public ResumptionVerificationResult verifyResumptionRequest(
      ConnectionId cid, ServerNames serverNames, SessionId sessionId) {
    Optional<Kept> kept = kept(sessionId);
    if (kept.isPresent()) {
      DTLSSession session = kept.get().session();
      Duration age = ageSince(kept.get().began());
      Optional<AuthenticatedPeer> peer = standing(session, age);
      if (peer.isPresent()) {
        return new ResumptionVerificationResult(
            cid, session, new PeerGate.CameBack(peer.get(), age));
      }
      SecretUtil.destroy(session);
      // A clock that fell behind proves nothing against a session; it may go on when that is right.
      if (!age.isNegative() || clock.get().state() == ClockState.SYNCED) {
        remove(sessionId);
      }
    }
    return new ResumptionVerificationResult(cid, null, null);
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // Results are given at once.
  }
}
