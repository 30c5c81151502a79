// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.Reason;
import io.wardgate.identity.AuthenticatedPeer;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The gateway as a transport sees it: what decides on a request's head, answers it, and is told
 * what happened to sessions.
 *
 * <p>Ours to implement, not for makers. Called on protocol threads: no method waits. Thread-safe.
 */
public interface Intake {

  /**
   * Decides on the head alone, before any further block is taken: empty if the body is welcome,
   * else the refusal to answer with.
   */
  Optional<Response> refusal(RequestHead head);

  /** Answers a whole request; checks its head again. Never completes exceptionally. */
  CompletionStage<Response> handle(Request request);

  /** A peer completed its handshake. */
  void opened(AuthenticatedPeer peer, InetSocketAddress source);

  /** A peer was refused before it had a session. */
  void refused(InetSocketAddress source, Reason reason);

  /** A device with a session was refused by the transport itself, for example for its blocks. */
  void refused(AuthenticatedPeer peer, InetSocketAddress source, Reason reason);
}
