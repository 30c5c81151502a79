// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.audit.SecurityEvent.Severity;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.Registration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A registry that tells what was changed in it, once it was. A running gateway's {@link
 * Gateway#registry} is one; who changes a registry without a gateway puts one before it, and an
 * audit trail behind. Thread-safe.
 */
public final class AuditedRegistry implements DeviceRegistry {

  private static final String LOCAL = "local";

  private final DeviceRegistry registry;
  private final Consumer<SecurityEvent> events;
  private final InstantSource clock;
  private final Consumer<DeviceId> outOfService;

  private AuditedRegistry(
      DeviceRegistry registry,
      Consumer<SecurityEvent> events,
      InstantSource clock,
      Consumer<DeviceId> outOfService) {
    this.registry = registry;
    this.events = events;
    this.clock = clock;
    this.outOfService = outOfService;
  }

  /** The same registry; {@code events} is told on the thread that changed it, and does not wait. */
  public static AuditedRegistry of(
      DeviceRegistry registry, Consumer<SecurityEvent> events, InstantSource clock) {
    return new AuditedRegistry(registry, events, clock, device -> {});
  }

  /**
   * The same, which also tells {@code sessions} of each device that was suspended, revoked or
   * retired, once that is durable and before anybody else is told.
   */
  AuditedRegistry ending(Consumer<DeviceId> sessions) {
    return new AuditedRegistry(registry, events, clock, sessions);
  }

  @Override
  public Optional<Registration> find(DeviceId device) {
    return registry.find(device);
  }

  @Override
  public Collection<Registration> all() {
    return registry.all();
  }

  @Override
  public void activate(DeviceId device) {
    // The opened session was told.
    registry.activate(device);
  }

  @Override
  public void register(Registration registration) throws WardgateException {
    registry.register(registration);
    tell(
        SecurityEvent.DEVICE_REGISTERED,
        Severity.INFO,
        registration.device(),
        LOCAL + ", as " + registration.role());
  }

  @Override
  public void suspend(DeviceId device, Cause cause) throws WardgateException {
    registry.suspend(device, cause);
    outOfService.accept(device);
    tell(SecurityEvent.DEVICE_SUSPENDED, Severity.WARNING, device, because(cause));
  }

  @Override
  public void resume(DeviceId device) throws WardgateException {
    registry.resume(device);
    tell(SecurityEvent.DEVICE_RESUMED, Severity.INFO, device, LOCAL);
  }

  @Override
  public void revoke(DeviceId device, Cause cause) throws WardgateException {
    registry.revoke(device, cause);
    outOfService.accept(device);
    tell(SecurityEvent.DEVICE_REVOKED, Severity.WARNING, device, because(cause));
  }

  @Override
  public void retire(DeviceId device, Cause cause) throws WardgateException {
    registry.retire(device, cause);
    outOfService.accept(device);
    tell(SecurityEvent.DEVICE_RETIRED, Severity.INFO, device, because(cause));
  }

  private static String because(Cause cause) {
    return LOCAL + ", " + cause.code();
  }

  private void tell(String kind, Severity severity, DeviceId device, String source) {
    events.accept(
        new SecurityEvent(
            clock.instant(), kind, severity, Optional.of(device), source, Optional.empty()));
  }
}
