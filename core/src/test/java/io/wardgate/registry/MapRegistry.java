// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A registry in memory that also forgets and changes its mind. */
public final class MapRegistry implements DeviceRegistry {

  private static final Instant SINCE = Instant.parse("2026-11-23T00:00:00Z");

  private final Map<DeviceId, Registration> devices = new ConcurrentHashMap<>();

  /** An empty registry. */
  public MapRegistry() {}

  /** Registers {@code device}, or gives it another role. */
  public MapRegistry with(DeviceId device, Role role) {
    devices.put(device, new Registration(device, role, SINCE));
    return this;
  }

  /** Registers a device of the gateway's own authority. */
  public MapRegistry with(String serial, Role role) {
    return with(DeviceId.of(serial), role);
  }

  /** Forgets a device. */
  public void remove(DeviceId device) {
    devices.remove(device);
  }

  @Override
  public Optional<Registration> find(DeviceId device) {
    return Optional.ofNullable(devices.get(device));
  }

  @Override
  public Collection<Registration> all() {
    return List.copyOf(devices.values());
  }

  @Override
  public void register(Registration registration) throws WardgateException {
    if (devices.putIfAbsent(registration.device(), registration) != null) {
      throw new WardgateException(
          Reason.DEVICE_ALREADY_REGISTERED, registration.device().toString());
    }
  }
}
