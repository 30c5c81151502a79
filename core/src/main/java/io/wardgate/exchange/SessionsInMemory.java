// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.DeviceId;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions for as long as the process lives. Thread-safe. */
final class SessionsInMemory implements SavedSessions {

  private final Map<DeviceId, Kept> latest = new HashMap<>();
  private final Map<String, Kept> byId = new HashMap<>();
  private byte @Nullable [] connections;

  private static final class Kept {
    private final DeviceId device;
    private final String id;
    private final byte[] session;
    private final Instant until;

    Kept(DeviceId device, String id, byte[] session, Instant until) {
      this.device = device;
      this.id = id;
      this.session = session;
      this.until = until;
    }
  }

  @Override
  public synchronized void keep(DeviceId device, byte[] id, byte[] session, Instant until) {
    Kept kept = new Kept(device, HexFormat.of().formatHex(id), session.clone(), until);
    forget(latest.put(device, kept));
    byId.put(kept.id, kept);
  }

  @Override
  public synchronized Optional<byte[]> find(byte[] id) {
    return Optional.ofNullable(byId.get(HexFormat.of().formatHex(id)))
        .map(kept -> kept.session.clone());
  }

  @Override
  public synchronized void forget(byte[] id) {
    forget(byId.get(HexFormat.of().formatHex(id)));
  }

  @Override
  public synchronized void forget(DeviceId device) {
    forget(latest.get(device));
  }

  @Override
  public synchronized void purge(Instant now) {
    List.copyOf(byId.values()).stream()
        .filter(kept -> kept.until.isBefore(now))
        .forEach(this::forget);
  }

  private void forget(@Nullable Kept kept) {
    if (kept != null) {
      latest.remove(kept.device, kept);
      byId.remove(kept.id, kept);
      Arrays.fill(kept.session, (byte) 0);
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
