// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.DeviceId;
import io.wardgate.identity.AuthenticatedPeer;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.californium.elements.util.Filter;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.Connection;
import org.jspecify.annotations.Nullable;

/**
 * The sessions open now, and which of them must go.
 *
 * <p>The substrate keeps a closed session's place until it needs it and the session has been idle
 * for long, so that one device that comes and goes could take every place. Here a session leaves
 * when its peer closes it, and when its device opens more than {@value #MAX_PER_DEVICE}: a device
 * that restarts, or is behind a new address without connection id, needs a second one for a while.
 * When all places are taken, who has proved itself takes that of its own older session, or of the
 * one that has been silent for longest and for {@value #SILENT_SECONDS} seconds; nobody else ends
 * another's session. Sweeps run on the timer thread, at most two a second. Thread-safe by one lock,
 * held for a map access.
 */
final class Sessions implements ConnectionListener {

  static final int MAX_PER_DEVICE = 3;

  static final long SILENT_SECONDS = 30;

  private static final Duration SILENT = Duration.ofSeconds(SILENT_SECONDS);
  private static final long SWEEP_AFTER_MILLIS = 500;

  private final ScheduledExecutorService timer;
  private final int places;
  private final Predicate<AuthenticatedPeer> stands;
  private final Map<DeviceId, Deque<Principal>> open = new HashMap<>();

  /** Whether each may not be resumed either. */
  private final IdentityHashMap<Principal, Boolean> leaving = new IdentityHashMap<>();

  private @Nullable DTLSConnector connector;
  private int count;
  private boolean sweeping;

  Sessions(ScheduledExecutorService timer, int places, Predicate<AuthenticatedPeer> stands) {
    this.places = places;
    this.stands = stands;
    this.timer = timer;
  }

  /** Tells whose sessions these are; the connector needs its listener first. */
  synchronized void of(DTLSConnector owner) {
    connector = owner;
  }

  synchronized int count() {
    return count;
  }

  /** Whether a session of that device would have a place. */
  synchronized boolean hasPlaceFor(DeviceId device) {
    return taken() < places || whoMakesRoomFor(device).isPresent();
  }

  /** Without those that are about to leave. */
  private int taken() {
    return count - leaving.size();
  }

  private Optional<Principal> whoMakesRoomFor(DeviceId device) {
    return open.getOrDefault(device, new ArrayDeque<>()).stream()
        .filter(this::stays)
        .findFirst()
        .or(
            () ->
                open.values().stream()
                    .flatMap(Deque::stream)
                    .filter(session -> stays(session) && silence(session).compareTo(SILENT) >= 0)
                    .max(Comparator.comparing(Sessions::silence)));
  }

  private boolean stays(Principal session) {
    return !leaving.containsKey(session);
  }

  private static Duration silence(Principal session) {
    SessionUse use = PeerGate.useOf(session);
    return use == null ? Duration.ZERO : use.silence();
  }

  @Override
  public synchronized void onConnectionEstablished(Connection connection) {
    Principal principal = connection.getEstablishedPeerIdentity();
    AuthenticatedPeer peer = PeerGate.peerOf(principal);
    count++;
    if (principal == null || peer == null) {
      return;
    }
    if (taken() > places) {
      // It itself, if another came in first since it was asked whether there is a place.
      leave(whoMakesRoomFor(peer.device()).orElse(principal), false);
    }
    Deque<Principal> ofDevice = open.computeIfAbsent(peer.device(), d -> new ArrayDeque<>());
    ofDevice.addLast(principal);
    if (ofDevice.size() > MAX_PER_DEVICE) {
      // Superseded, perhaps by a resumption of the very same session, which must stay.
      leave(ofDevice.removeFirst(), false);
    }
    // Revoked while it shook hands: end() did not see this session yet.
    if (!stands.test(peer)) {
      leave(principal, true);
    }
  }

  @Override
  public synchronized void onConnectionRemoved(Connection connection) {
    if (!connection.hasEstablishedDtlsContext()) {
      return;
    }
    count--;
    Principal principal = connection.getEstablishedPeerIdentity();
    AuthenticatedPeer peer = PeerGate.peerOf(principal);
    leaving.remove(principal);
    if (peer != null) {
      open.computeIfPresent(
          peer.device(),
          (device, sessions) -> {
            sessions.removeIf(session -> session == principal);
            return sessions.isEmpty() ? null : sessions;
          });
    }
  }

  @Override
  public void afterExecution(Connection connection) {
    // Set by the peer's close_notify, which nothing else tells of. It may come back (RFC 5246
    // section 7.2.1): a sensor that sleeps need not shake hands in full each time.
    if (connection.isClosed()) {
      Principal principal = connection.getEstablishedPeerIdentity();
      if (principal != null) {
        synchronized (this) {
          leave(principal, false);
        }
      }
    }
  }

  /** Ends all sessions of the peers that match, now; each connection on its own worker. */
  void end(Predicate<AuthenticatedPeer> peers) {
    DTLSConnector owner;
    synchronized (this) {
      owner = connector;
    }
    terminate(
        owner,
        principal -> {
          AuthenticatedPeer peer = PeerGate.peerOf(principal);
          return peer != null && peers.test(peer);
        },
        true);
  }

  /** Ends this one session, for good. */
  void end(Principal principal) {
    synchronized (this) {
      leave(principal, true);
    }
  }

  private void leave(Principal principal, boolean forGood) {
    leaving.merge(principal, forGood, Boolean::logicalOr);
    sweepLater();
  }

  private void sweepLater() {
    if (!sweeping && !timer.isShutdown()) {
      sweeping = true;
      var unused = timer.schedule(this::sweep, SWEEP_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    DTLSConnector owner;
    IdentityHashMap<Principal, Boolean> gone;
    synchronized (this) {
      sweeping = false;
      owner = connector;
      if (owner == null || !owner.isRunning()) {
        // Put back, and not open yet: nobody can be sent away before that.
        sweepLater();
        return;
      }
      gone = new IdentityHashMap<>(leaving);
      leaving.clear();
    }
    terminate(owner, principal -> Boolean.TRUE.equals(gone.get(principal)), true);
    terminate(owner, principal -> Boolean.FALSE.equals(gone.get(principal)), false);
  }

  private static void terminate(
      @Nullable DTLSConnector owner, Filter<Principal> gone, boolean forGood) {
    if (owner != null && owner.isRunning()) {
      // Ends by itself, connection by connection, each on its own worker. Never close(), which
      // keeps the session to be resumed.
      var unused = owner.startTerminateConnectionsForPrincipal(gone, forGood);
    }
  }

  @Override
  public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean write) {
    SessionUse use = PeerGate.useOf(connection.getEstablishedPeerIdentity());
    if (use != null) {
      use.record();
    }
    return false;
  }

  @Override
  public boolean onConnectionMacError(Connection connection) {
    SessionUse use = PeerGate.useOf(connection.getEstablishedPeerIdentity());
    if (use != null) {
      use.forgery();
    }
    return false;
  }

  @Override
  public void beforeExecution(Connection connection) {
    // Nothing to prepare.
  }

  @Override
  public void updateExecution(Connection connection) {
    // Nothing to follow.
  }
}
