// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.WardgateException;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.identity.AuthenticatedPeer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
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
  private final InstantSource clock;

  Resumption(
      SavedSessions saved,
      PeerGate gate,
      Set<CipherSuite> suites,
      SessionLimits limits,
      InstantSource clock) {
    this.saved = saved;
    this.gate = gate;
    this.suites = Set.copyOf(suites);
    this.limits = limits;
    this.clock = clock;
  }

  /** The peer of a session that may go on, or empty. */
  Optional<AuthenticatedPeer> standing(DTLSSession session) {
    Duration age = Duration.ofMillis(clock.millis() - session.getCreationTime());
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
    if (peer == null) {
      return;
    }
    DatagramWriter writer = new DatagramWriter(1024, true);
    session.writeTo(writer);
    byte[] bytes = writer.toByteArray();
    writer.close();
    saved.keep(peer.device(), session.getSessionIdentifier().getBytes(), bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public @Nullable DTLSSession get(SessionId id) {
    byte[] bytes = saved.find(id.getBytes()).orElse(null);
    if (bytes == null) {
      return null;
    }
    try {
      DTLSSession session = DTLSSession.fromReader(new DatagramReader(bytes));
      return session != null && id.equals(session.getSessionIdentifier()) ? session : null;
    } catch (RuntimeException e) {
      LOG.debug("a kept session is of another version", e);
      return null;
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
    DTLSSession session = get(sessionId);
    if (session != null) {
      Optional<AuthenticatedPeer> peer = standing(session);
      if (peer.isPresent()) {
        return new ResumptionVerificationResult(
            cid, session, new PeerGate.CameBack(peer.get(), session.getCreationTime()));
      }
      SecretUtil.destroy(session);
      remove(sessionId);
    }
    return new ResumptionVerificationResult(cid, null, null);
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // Results are given at once.
  }
}
