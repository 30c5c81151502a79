// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.DeviceId;
import io.wardgate.identity.AuthenticatedPeer;
import java.security.Principal;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * Sweeps run on the timer thread, at most one a second. Thread-safe by one lock, held for a map
 * access.
 */
final class Sessions implements ConnectionListener {

  static final int MAX_PER_DEVICE = 3;

  private static final long SWEEP_AFTER_MILLIS = 1000;

  private final ScheduledExecutorService timer;
  private final Map<DeviceId, Deque<Principal>> open = new HashMap<>();
  private final Set<Principal> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable DTLSConnector connector;
  private int count;
  private boolean sweeping;

  Sessions(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Tells whose sessions these are; the connector needs its listener first. */
  synchronized void of(DTLSConnector owner) {
    connector = owner;
  }

  synchronized int count() {
    return count;
  }

  @Override
  public synchronized void onConnectionEstablished(Connection connection) {
    Principal principal = connection.getEstablishedPeerIdentity();
    AuthenticatedPeer peer = PeerGate.peerOf(principal);
    count++;
    if (principal == null || peer == null) {
      return;
    }
    Deque<Principal> ofDevice = open.computeIfAbsent(peer.device(), d -> new ArrayDeque<>());
    ofDevice.addLast(principal);
    if (ofDevice.size() > MAX_PER_DEVICE) {
      leave(ofDevice.removeFirst());
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
    // Set by the peer's close_notify, which nothing else tells of.
    if (connection.isClosed()) {
      Principal principal = connection.getEstablishedPeerIdentity();
      if (principal != null) {
        synchronized (this) {
          leave(principal);
        }
      }
    }
  }

  private void leave(Principal principal) {
    leaving.add(principal);
    if (!sweeping && !timer.isShutdown()) {
      sweeping = true;
      var unused = timer.schedule(this::sweep, SWEEP_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    DTLSConnector owner;
    Set<Principal> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    synchronized (this) {
      sweeping = false;
      owner = connector;
      gone.addAll(leaving);
      leaving.clear();
    }
    if (owner != null && owner.isRunning()) {
      // Ends by itself, connection by connection, each on its own worker.
      var unused =
          owner.startTerminateConnectionsForPrincipal((Filter<Principal>) gone::contains, true);
    }
  }

  @Override
  public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean write) {
    return false;
  }

  @Override
  public boolean onConnectionMacError(Connection connection) {
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
