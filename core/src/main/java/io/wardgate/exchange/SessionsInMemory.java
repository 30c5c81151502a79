// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.DeviceId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions for as long as the process lives. Thread-safe. */
final class SessionsInMemory implements SavedSessions {

  private final Map<DeviceId, String> latest = new HashMap<>();
  private final Map<String, byte[]> sessions = new HashMap<>();
  private byte @Nullable [] connections;

  @Override
  public synchronized void keep(DeviceId device, byte[] id, byte[] session) {
    String key = HexFormat.of().formatHex(id);
    String before = latest.put(device, key);
    if (before != null) {
      sessions.remove(before);
    }
    sessions.put(key, session.clone());
  }

  @Override
  public synchronized Optional<byte[]> find(byte[] id) {
    return Optional.ofNullable(sessions.get(HexFormat.of().formatHex(id))).map(byte[]::clone);
  }

  @Override
  public synchronized void forget(byte[] id) {
    String key = HexFormat.of().formatHex(id);
    byte[] session = sessions.remove(key);
    if (session != null) {
      Arrays.fill(session, (byte) 0);
      latest.values().remove(key);
    }
  }

  @Override
  public synchronized void saveConnections(byte[] all) {
    connections = all.clone();
  }

  @Override
  public synchronized Optional<byte[]> takeConnections() {
    Optional<byte[]> taken = Optional.ofNullable(connections);
    connections = null;
    return taken;
  }
}
