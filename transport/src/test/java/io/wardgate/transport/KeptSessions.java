// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.DeviceId;
import io.wardgate.exchange.SavedSessions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Sessions in memory, and the last of them for a test to look at. */
final class KeptSessions implements SavedSessions {

  private final SavedSessions kept = SavedSessions.inMemory();

  /** As if the connections had been saved that much earlier. */
  volatile Duration away = Duration.ZERO;

  /** The session that was kept last; empty before there is one. */
  volatile byte[] last = new byte[0];

  /** As if each session had begun that much earlier. */
  volatile Duration older = Duration.ZERO;

  @Override
  public void keep(DeviceId device, byte[] id, byte[] session, Instant until) {
    last = session.clone();
    kept.keep(device, id, session, until);
  }

  @Override
  public Optional<byte[]> find(byte[] id) {
    return kept.find(id)
        .map(
            session -> {
              ByteBuffer began = ByteBuffer.wrap(session);
              began.putLong(0, began.getLong(0) - older.toMillis());
              return session;
            });
  }

  @Override
  public void forget(DeviceId device) {
    kept.forget(device);
  }

  @Override
  public void purge(Instant now) {
    kept.purge(now);
  }

  @Override
  public void forget(byte[] id) {
    kept.forget(id);
  }

  @Override
  public void saveConnections(byte[] connections) {
    kept.saveConnections(connections);
  }

  @Override
  public Optional<byte[]> takeConnections() {
    return kept.takeConnections()
        .map(
            all -> {
              ByteBuffer clocks = ByteBuffer.wrap(all);
              clocks.putLong(Long.BYTES, clocks.getLong(Long.BYTES) - away.toMillis());
              return all;
            });
  }
}
