// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Intake;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.time.Pace;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DtlsHandshakeTimeoutException;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches handshakes and tells the gateway, once for each, how they ended.
 *
 * <p>Holds one entry per handshake under way, which the substrate bounds by its connections. Called
 * on protocol threads; thread-safe.
 */
final class HandshakeWatch extends SessionAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(HandshakeWatch.class.getPackageName());

  /**
   * As long as a peer that answers nothing is waited for (2 + 4 + 8 s), and a little more: one that
   * answers a crumb at a time is not waited for any longer.
   */
  static final long DEADLINE_SECONDS = 15;

  /**
   * What a session leaves behind, above all the messages it is recognised by when they are
   * repeated, is kept for minutes: a device that came more often could fill any memory.
   */
  static final int ARRIVALS_AT_ONCE = 32;

  static final Duration ONE_MORE_ARRIVAL_AFTER = Duration.ofSeconds(4);
  private static final int DEVICES = 8192;

  private final Intake intake;
  private final ScheduledExecutorService timer;
  private final Attempts attempts;

  /** How often each device came; what was completed counts, so that nobody uses up another's. */
  private final Pace<DeviceId> arrivals;

  private final LongAdder resumed = new LongAdder();
  private final Map<ConnectionId, InetSocketAddress> underWay = new ConcurrentHashMap<>();

  /** Who the peers of handshakes under way say they are. */
  private final Map<ConnectionId, String> claims = new ConcurrentHashMap<>();

  /** When each handshake is given up, also of those whose refusal was told already. */
  private final Map<ConnectionId, Future<?>> deadlines = new ConcurrentHashMap<>();

  HandshakeWatch(Intake intake, ScheduledExecutorService timer, LongSupplier nanos) {
    this.attempts = new Attempts(nanos);
    this.arrivals = new Pace<>(nanos, ARRIVALS_AT_ONCE, ONE_MORE_ARRIVAL_AFTER, DEVICES);
    this.intake = intake;
    this.timer = timer;
  }

  /** Handshakes so far by which a device came back to a session it had. */
  long resumed() {
    return resumed.sum();
  }

  /** Handshakes under way now. */
  int underWay() {
    return deadlines.size();
  }

  @Override
  public void handshakeStarted(Handshaker handshaker) {
    ConnectionId id = handshaker.getConnection().getConnectionId();
    underWay.put(id, handshaker.getPeerAddress());
    if (!timer.isShutdown()) {
      Future<?> before =
          deadlines.put(
              id, timer.schedule(() -> giveUp(id, handshaker), DEADLINE_SECONDS, TimeUnit.SECONDS));
      if (before != null) {
        before.cancel(false);
      }
    }
  }

  /** On the connection's own worker, as all that happens to a handshake. */
  private void giveUp(ConnectionId id, Handshaker handshaker) {
    Connection connection = handshaker.getConnection();
    Executor worker = connection.getExecutor();
    try {
      if (worker != null) {
        worker.execute(
            () -> {
              if (connection.getOngoingHandshake() == handshaker) {
                handshaker.handshakeFailed(
                    new DtlsHandshakeTimeoutException(
                        "not done within " + DEADLINE_SECONDS + " s", 0));
              }
              forget(id);
            });
        return;
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("a handshake was given up with its connection", e);
    }
    forget(id);
  }

  /** Of a connection that was taken away the substrate tells nothing. */
  private void forget(ConnectionId id) {
    String claimed = claims.remove(id);
    InetSocketAddress source = ended(id);
    if (claimed != null && source != null) {
      attempts.failed(claimed, source);
    }
  }

  /**
   * Notes which certificate a peer shows; false if it did so too often and in vain.
   *
   * @param key of the certificate
   */
  boolean mayShow(ConnectionId id, String key) {
    InetSocketAddress source = underWay.get(id);
    return noted(id, key, source == null || attempts.mayTry(key, source));
  }

  /**
   * Notes whose pre-shared key a peer would prove, which can be guessed; false if it tried too
   * often and in vain, or tries too often at once.
   */
  boolean mayGuess(ConnectionId id, String identity) {
    InetSocketAddress source = underWay.get(id);
    boolean isNew = !identity.equals(claims.get(id));
    return noted(id, identity, source == null || !isNew || attempts.begin(identity, source));
  }

  private boolean noted(ConnectionId id, String identity, boolean isAllowed) {
    if (isAllowed) {
      claims.put(id, identity);
    }
    return isAllowed;
  }

  /** Whether the device has not come too often lately. */
  boolean mayCome(DeviceId device) {
    return arrivals.allows(device, 1);
  }

  private @Nullable InetSocketAddress ended(ConnectionId id) {
    Future<?> deadline = deadlines.remove(id);
    if (deadline != null) {
      deadline.cancel(false);
    }
    return underWay.remove(id);
  }

  /**
   * The peer has proved itself. To the substrate a handshake is complete with the first record of
   * the session only, or much later: a device that has nothing to say yet must not be given up.
   */
  @Override
  public void contextEstablished(Handshaker handshaker, DTLSContext established) {
    ConnectionId id = handshaker.getConnection().getConnectionId();
    String claimed = claims.remove(id);
    if (claimed != null) {
      attempts.succeeded(claimed, handshaker.getPeerAddress());
    }
    var unused = ended(id);
  }

  @Override
  public void handshakeCompleted(Handshaker handshaker) {
    AuthenticatedPeer peer = PeerGate.peerOf(handshaker.getSession().getPeerIdentity());
    if (!handshaker.isFullHandshake()) {
      resumed.increment();
    }
    if (peer != null) {
      arrivals.note(peer.device(), 1);
      intake.opened(peer, handshaker.getPeerAddress());
    }
  }

  @Override
  public void handshakeFailed(Handshaker handshaker, Throwable error) {
    ConnectionId id = handshaker.getConnection().getConnectionId();
    String claimed = claims.remove(id);
    if (claimed != null) {
      attempts.failed(claimed, handshaker.getPeerAddress());
    }
    // Absent if the reason was told already, when it was found.
    if (ended(id) != null) {
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
      // Counted now: a peer that is left to time out could try a hundred times until then.
      String claimed = claims.remove(id);
      if (claimed != null) {
        attempts.failed(claimed, source);
      }
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
