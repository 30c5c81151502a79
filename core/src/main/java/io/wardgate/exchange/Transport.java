// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.WardgateException;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PeerVerifier;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How devices reach a gateway: always authenticated both ways, always encrypted.
 *
 * <p>Ours to implement ({@code io.wardgate.transport}), not for makers: an implementation must ask
 * {@code peers} before a session exists, and let no byte of an unauthenticated peer reach {@code
 * intake}.
 */
public interface Transport {

  /**
   * Opens the endpoint and serves until it is closed. Goes on with the connections that {@code
   * saved} gives back, of peers that still stand.
   *
   * @throws WardgateException {@link io.wardgate.Reason#TRANSPORT_UNAVAILABLE} if the address
   *     cannot be used
   */
  Endpoint open(GatewayIdentity identity, PeerVerifier peers, Intake intake, SavedSessions saved)
      throws WardgateException;

  /** The names of opt-ins in force that weaken a default; told in an event at every start. */
  default Set<String> optIns() {
    return Set.of();
  }

  /** An open endpoint. */
  interface Endpoint extends AutoCloseable {

    /** Where it listens, with the port that was chosen if none was asked for. */
    InetSocketAddress address();

    /** Sessions open now. */
    int sessions();

    /**
     * Ends every session of the peers that match, at once and for good: what is under way for them
     * stays unanswered, and none of it can be resumed. Returns before it is done; it is within a
     * second.
     */
    void end(Predicate<AuthenticatedPeer> peers);

    /** Handshakes since it was opened by which a device came back to a session it had. */
    long resumed();

    /** Sessions it was opened with. */
    int restored();

    /**
     * Frees the address and saves the connections, which go on when it is opened again; idempotent,
     * never throws.
     */
    @Override
    void close();
  }
}
