// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Intake;
import io.wardgate.identity.AuthenticatedPeer;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Watches handshakes and tells the gateway, once for each, how they ended.
 *
 * <p>Holds one entry per handshake under way, which the substrate bounds by its connections. Called
 * on protocol threads; thread-safe.
 */
final class HandshakeWatch extends SessionAdapter {

  private final Intake intake;
  private final Map<ConnectionId, InetSocketAddress> underWay = new ConcurrentHashMap<>();

  HandshakeWatch(Intake intake) {
    this.intake = intake;
  }

  @Override
  public void handshakeStarted(Handshaker handshaker) {
    underWay.put(handshaker.getConnection().getConnectionId(), handshaker.getPeerAddress());
  }

  @Override
  public void handshakeCompleted(Handshaker handshaker) {
    underWay.remove(handshaker.getConnection().getConnectionId());
    AuthenticatedPeer peer = PeerGate.peerOf(handshaker.getSession().getPeerIdentity());
    if (peer != null) {
      intake.opened(peer, handshaker.getPeerAddress());
    }
  }

  @Override
  public void handshakeFailed(Handshaker handshaker, Throwable error) {
    ConnectionId id = handshaker.getConnection().getConnectionId();
    // Absent if the reason was told already, when it was found.
    if (underWay.remove(id) != null) {
      intake.refused(handshaker.getPeerAddress(), reasonOf(error));
    }
  }

  /**
   * Tells a reason as soon as it is known. A peer with an unknown identity is left to time out, so
   * that it cannot tell that from a wrong key; the gateway need not wait for that.
   */
  void refusedEarly(ConnectionId id, Reason reason) {
    InetSocketAddress source = underWay.remove(id);
    if (source != null) {
      intake.refused(source, reason);
    }
  }

  private static Reason reasonOf(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof WardgateException refusal) {
        return refusal.reason();
      }
    }
    return error instanceof HandshakeException failure
        ? reasonOf(failure)
        : Reason.HANDSHAKE_FAILED;
  }

  private static Reason reasonOf(HandshakeException failure) {
    AlertDescription alert = alertOf(failure);
    if (alert == AlertDescription.BAD_CERTIFICATE) {
      // Certificates that do not please PeerGate carry its reason; what is left is an empty chain.
      return Reason.NO_CREDENTIAL;
    }
    if (alert == AlertDescription.PROTOCOL_VERSION) {
      return Reason.UNSUPPORTED_VERSION;
    }
    return alert == AlertDescription.HANDSHAKE_FAILURE
            || alert == AlertDescription.UNSUPPORTED_CERTIFICATE
        ? Reason.NO_COMMON_SUITE
        : Reason.HANDSHAKE_FAILED;
  }

  private static @Nullable AlertDescription alertOf(HandshakeException failure) {
    return failure.getAlert() == null ? null : failure.getAlert().getDescription();
  }
}
