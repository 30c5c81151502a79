// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.DeviceId;
import io.wardgate.exchange.SavedSessions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Sessions in memory, and the last of them for a test to look at. */
final class KeptSessions implements SavedSessions {

  private final SavedSessions kept = SavedSessions.inMemory();

  /** As if the connections had been saved that much earlier. */
  volatile Duration away = Duration.ZERO;

  /** The session that was kept last; empty before there is one. */
  volatile byte[] last = new byte[0];

  @Override
  public void keep(DeviceId device, byte[] id, byte[] session) {
    last = session.clone();
    kept.keep(device, id, session);
  }

  @Override
  public Optional<byte[]> find(byte[] id) {
    return kept.find(id);
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
