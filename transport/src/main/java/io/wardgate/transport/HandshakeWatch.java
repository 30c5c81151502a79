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
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
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
 * <p>Holds one entry per handshake under way, as many as there are {@link HandshakePlaces}. Called
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

  private static final Duration TELL_AGAIN_AFTER = Duration.ofSeconds(5);
  private static final int DEVICES = 8192;

  private final Intake intake;
  private final ScheduledExecutorService timer;
  private final Attempts attempts;

  /** How often each device came; what was completed counts, so that nobody uses up another's. */
  private final Pace<DeviceId> arrivals;

  private final LongAdder resumed = new LongAdder();
  private final HandshakePlaces places;

  /** When it was last told that there is no place. */
  private final Pace<Reason> told;

  private final Map<ConnectionId, UnderWay> underWay = new ConcurrentHashMap<>();

  HandshakeWatch(
      Intake intake, ScheduledExecutorService timer, HandshakePlaces places, LongSupplier nanos) {
    this.attempts = new Attempts(nanos);
    this.arrivals = new Pace<>(nanos, ARRIVALS_AT_ONCE, ONE_MORE_ARRIVAL_AFTER, DEVICES);
    this.told = new Pace<>(nanos, 1, TELL_AGAIN_AFTER, 1);
    this.places = places;
    this.intake = intake;
    this.timer = timer;
  }

  /** One handshake. Changed on its connection's worker alone, but for the last time. */
  private static final class UnderWay {
    private final InetSocketAddress address;

    /** Ends it, also when its refusal was told already. */
    private volatile @Nullable Future<?> deadline;

    /** Who its peer says it is, until it is known whether that is so. */
    private volatile @Nullable String claimed;

    private volatile boolean isTold;

    private UnderWay(InetSocketAddress address) {
      this.address = address;
    }
  }

  /** Handshakes so far by which a device came back to a session it had. */
  long resumed() {
    return resumed.sum();
  }

  /** Whether a handshake from there would have a place. Tells now and then if it would not. */
  boolean hasPlaceFor(InetSocketAddress address) {
    return places.hasOneFor(Source.of(address)) || noPlaceFor(address);
  }

  private boolean noPlaceFor(InetSocketAddress address) {
    if (told.take(Reason.HANDSHAKES_FULL, 1)) {
      intake.refused(address, Reason.HANDSHAKES_FULL);
    }
    return false;
  }

  @Override
  public void handshakeStarted(Handshaker handshaker) throws HandshakeException {
    Connection connection = handshaker.getConnection();
    InetSocketAddress address = handshaker.getPeerAddress();
    if (!places.take(Source.of(address))) {
      var unused = noPlaceFor(address);
      // It came in a burst. Dropped as HelloFilter would have done, so that its peer, which will
      // repeat the hello, finds a place then; an alert would end its attempt.
      onWorkerOf(connection, () -> fail(handshaker, "no place"));
      throw new HandshakeException(
          "no place", new AlertMessage(AlertLevel.WARNING, AlertDescription.USER_CANCELED));
    }
    ConnectionId id = connection.getConnectionId();
    UnderWay now = new UnderWay(address);
    over(underWay.put(id, now));
    if (!timer.isShutdown()) {
      now.deadline =
          timer.schedule(() -> giveUp(id, now, handshaker), DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void giveUp(ConnectionId id, UnderWay handshake, Handshaker handshaker) {
    Runnable last =
        () -> {
          fail(handshaker, "not done within " + DEADLINE_SECONDS + " s");
          // Of a connection that was taken away the substrate tells nothing.
          if (underWay.remove(id, handshake)) {
            failed(handshake);
            over(handshake);
          }
        };
    if (!onWorkerOf(handshaker.getConnection(), last)) {
      last.run();
    }
  }

  private static void fail(Handshaker handshaker, String why) {
    if (handshaker.getConnection().getOngoingHandshake() == handshaker) {
      handshaker.handshakeFailed(new DtlsHandshakeTimeoutException(why, 0));
    }
  }

  /** As all that happens to a handshake; false if the connection is gone, and its worker. */
  private static boolean onWorkerOf(Connection connection, Runnable task) {
    Executor worker = connection.getExecutor();
    try {
      if (worker != null) {
        worker.execute(task);
        return true;
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("the worker of a connection is gone", e);
    }
    return false;
  }

  private void failed(UnderWay handshake) {
    String claimed = handshake.claimed;
    handshake.claimed = null;
    if (claimed != null) {
      attempts.failed(claimed, handshake.address);
    }
  }

  /** Gives back its place, once. */
  private void over(@Nullable UnderWay handshake) {
    if (handshake != null) {
      Future<?> deadline = handshake.deadline;
      if (deadline != null) {
        deadline.cancel(false);
      }
      places.giveBack(Source.of(handshake.address));
    }
  }

  /**
   * Notes which certificate a peer shows; false if it did so too often and in vain.
   *
   * @param key of the certificate
   */
  boolean mayShow(ConnectionId id, String key) {
    UnderWay handshake = underWay.get(id);
    return handshake == null || noted(handshake, key, attempts.mayTry(key, handshake.address));
  }

  /**
   * Notes whose pre-shared key a peer would prove, which can be guessed; false if it tried too
   * often and in vain, or tries too often at once.
   */
  boolean mayGuess(ConnectionId id, String identity) {
    UnderWay handshake = underWay.get(id);
    return handshake == null
        || identity.equals(handshake.claimed)
        || noted(handshake, identity, attempts.begin(identity, handshake.address));
  }

  private static boolean noted(UnderWay handshake, String identity, boolean isAllowed) {
    if (isAllowed) {
      handshake.claimed = identity;
    }
    return isAllowed;
  }

  /** Whether the device has not come too often lately. */
  boolean mayCome(DeviceId device) {
    return arrivals.allows(device, 1);
  }

  /**
   * The peer has proved itself. To the substrate a handshake is complete with the first record of
   * the session only, or much later: a device that has nothing to say yet must not be given up.
   */
  @Override
  public void contextEstablished(Handshaker handshaker, DTLSContext established) {
    UnderWay handshake = underWay.remove(handshaker.getConnection().getConnectionId());
    String claimed = handshake == null ? null : handshake.claimed;
    if (claimed != null) {
      attempts.succeeded(claimed, handshaker.getPeerAddress());
    }
    over(handshake);
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
    UnderWay handshake = underWay.remove(handshaker.getConnection().getConnectionId());
    if (handshake != null) {
      failed(handshake);
      over(handshake);
      if (!handshake.isTold) {
        intake.refused(handshake.address, reasonOf(error));
      }
    }
  }

  /**
   * Tells a reason as soon as it is known. A peer with an unknown identity is left to time out, so
   * that it cannot tell that from a wrong key; the gateway need not wait for that.
   */
  void refusedEarly(ConnectionId id, Reason reason) {
    UnderWay handshake = underWay.get(id);
    if (handshake != null && !handshake.isTold) {
      handshake.isTold = true;
      // Counted now: a peer that is left to time out could try a hundred times until then.
      failed(handshake);
      intake.refused(handshake.address, reason);
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
