// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.DeviceId;
import java.time.Instant;
import java.util.Optional;

/**
 * Where an endpoint keeps what lets its devices go on after a restart. To who keeps it, the bytes
 * mean nothing; they hold secrets.
 *
 * <p>Two things of different danger. A <em>session</em> is the secret that two sides agreed on:
 * with it they make new keys without a whole handshake, as often as they like. <em>Connections</em>
 * are keys and counters in use: used twice, the same key would encrypt two messages under one
 * number, and what was recorded could be read. They are therefore given back once at most.
 *
 * <p>What comes back is what was kept, not what holds now: the endpoint asks {@link
 * io.wardgate.identity.PeerVerifier} about each device again. Thread-safe; called on protocol
 * threads.
 */
public interface SavedSessions {

  /**
   * Keeps a device's latest session in place of the one before. Does not wait until it is kept, and
   * may fail: then the device shakes hands anew.
   *
   * @param id what the device asks for it by, {@value #ID_BYTES} bytes
   * @param until when it is of no use any more, to {@link #purge} it
   */
  void keep(DeviceId device, byte[] id, byte[] session, Instant until);

  /** The session of that id, or empty if there is none, or it is not what was kept. */
  Optional<byte[]> find(byte[] id);

  /** Forgets the session of that id, if it is there. */
  void forget(byte[] id);

  /** Forgets the session of that device, if there is one. */
  void forget(DeviceId device);

  /** Forgets sessions that are of no use any more, also of devices that never come back. */
  void purge(Instant now);

  /** Keeps all connections of an endpoint that has stopped; waits until they are kept. */
  void saveConnections(byte[] connections);

  /**
   * The connections that were kept last, once: they are gone before this returns. Empty if there
   * are none, if they were given back before, or if they lie on another host.
   */
  Optional<byte[]> takeConnections();

  /** Bytes of a session's id. */
  int ID_BYTES = 32;

  /** Kept in memory only: after a restart every device shakes hands anew. */
  static SavedSessions inMemory() {
    return new SessionsInMemory();
  }
}
