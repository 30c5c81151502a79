// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A registry in memory that also forgets and changes its mind. */
public final class MapRegistry implements DeviceRegistry {

  private static final Instant SINCE = Instant.parse("2026-11-23T00:00:00Z");

  private final Map<DeviceId, Registration> devices = new ConcurrentHashMap<>();
  private final Set<DeviceId> cameBefore = new HashSet<>();

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
  public synchronized void register(Registration registration) throws WardgateException {
    if (registration.state() != DeviceState.ISSUED) {
      throw new IllegalArgumentException("a device is registered as issued");
    }
    DeviceId device = registration.device();
    if (devices.containsKey(device)) {
      throw new WardgateException(Reason.DEVICE_ALREADY_REGISTERED, device.toString());
    }
    for (IssuedCredential wanted : registration.credentials()) {
      for (Registration known : devices.values()) {
        for (IssuedCredential taken : known.credentials()) {
          requireDifferent(wanted, taken);
        }
      }
    }
    devices.put(device, registration);
  }

  private static void requireDifferent(IssuedCredential wanted, IssuedCredential taken)
      throws WardgateException {
    if (wanted.key().equals(taken.key())) {
      throw new WardgateException(Reason.KEY_ALREADY_ISSUED, wanted.toString());
    }
    if (wanted instanceof IssuedCertificate one
        && taken instanceof IssuedCertificate other
        && one.serial().equals(other.serial())) {
      throw new WardgateException(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED, wanted.toString());
    }
    if (wanted instanceof IssuedPreSharedKey one
        && taken instanceof IssuedPreSharedKey other
        && one.secret().equals(other.secret())) {
      throw new WardgateException(Reason.PRE_SHARED_KEY_ALREADY_ISSUED, wanted.toString());
    }
  }

  @Override
  public synchronized void activate(DeviceId device) {
    find(device)
        .filter(known -> known.state() == DeviceState.ISSUED)
        .ifPresent(known -> devices.put(device, known.in(DeviceState.ACTIVE)));
  }

  @Override
  public synchronized void suspend(DeviceId device, Cause cause) throws WardgateException {
    DeviceState before = find(device).map(Registration::state).orElse(DeviceState.ISSUED);
    move(device, DeviceState.SUSPENDED);
    if (before == DeviceState.ACTIVE) {
      cameBefore.add(device);
    }
  }

  @Override
  public synchronized void resume(DeviceId device) throws WardgateException {
    move(device, cameBefore.remove(device) ? DeviceState.ACTIVE : DeviceState.ISSUED);
  }

  @Override
  public void revoke(DeviceId device, Cause cause) throws WardgateException {
    move(device, DeviceState.REVOKED);
  }

  @Override
  public void retire(DeviceId device, Cause cause) throws WardgateException {
    move(device, DeviceState.RETIRED);
  }

  private synchronized void move(DeviceId device, DeviceState next) throws WardgateException {
    Registration known =
        find(device)
            .orElseThrow(
                () -> new WardgateException(Reason.DEVICE_NOT_REGISTERED, device.toString()));
    if (!known.state().mayBecome(next)) {
      throw new WardgateException(Reason.DEVICE_STATE_FINAL, device.toString());
    }
    devices.put(device, known.in(next));
  }
}
