// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.audit.SecurityEvent.Severity;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditedRegistryTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");

  private final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  private final List<SecurityEvent> told = new ArrayList<>();
  private final AuditedRegistry registry = AuditedRegistry.of(new MapRegistry(), told::add, clock);

  @Test
  void everyChangeIsToldWithItsCauseOnceItWasMade() throws Exception {
    registry.register(new Registration(PUMP, Role.INFUSION_PUMP, clock.instant()));
    registry.suspend(PUMP, Cause.MAINTENANCE);
    registry.resume(PUMP);
    registry.revoke(PUMP, Cause.STOLEN);

    assertThat(told)
        .extracting(SecurityEvent::kind)
        .containsExactly(
            SecurityEvent.DEVICE_REGISTERED,
            SecurityEvent.DEVICE_SUSPENDED,
            SecurityEvent.DEVICE_RESUMED,
            SecurityEvent.DEVICE_REVOKED);
    assertThat(told)
        .extracting(SecurityEvent::source)
        .containsExactly("local, as infusion-pump", "local, maintenance", "local", "local, stolen");
    assertThat(told)
        .extracting(SecurityEvent::severity)
        .containsExactly(Severity.INFO, Severity.WARNING, Severity.INFO, Severity.WARNING);
    assertThat(told).allMatch(event -> event.device().orElseThrow().equals(PUMP));
    assertThat(registry.find(PUMP)).map(Registration::state).contains(DeviceState.REVOKED);
  }

  @Test
  void aRetiredDeviceIsToldToo() throws Exception {
    registry.register(new Registration(PUMP, Role.INFUSION_PUMP, clock.instant()));
    registry.retire(PUMP, Cause.REPLACED);

    assertThat(told.get(1).kind()).isEqualTo(SecurityEvent.DEVICE_RETIRED);
    assertThat(told.get(1).source()).isEqualTo("local, replaced");
  }

  @Test
  void aChangeThatWasRefusedIsNotTold() {
    assertThat(reasonOf(() -> registry.suspend(PUMP, Cause.LOST)))
        .isEqualTo(Reason.DEVICE_NOT_REGISTERED);
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsFoundIsTheRegistrysOwn() throws Exception {
    registry.register(new Registration(PUMP, Role.INFUSION_PUMP, clock.instant()));
    registry.activate(PUMP);

    assertThat(registry.all()).hasSize(1).allMatch(it -> it.state() == DeviceState.ACTIVE);
    assertThat(told).as("a session tells that it came").hasSize(1);
  }
}
