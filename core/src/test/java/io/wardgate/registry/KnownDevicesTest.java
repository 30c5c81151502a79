// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries add up to the same, in memory as they come and from the disk as they stand there. */
class KnownDevicesTest {

  private static final DeviceId PUMP = DeviceRegistryContract.PUMP;

  @ParameterizedTest
  @EnumSource(
      value = EntryKind.class,
      names = {"SUSPENDED", "REVOKED", "RETIRED"})
  void aFirstSessionOnItsWayAndWhatAnOperatorOrdersCommute(EntryKind order) {
    KnownDevices oneWay = after(moved(EntryKind.ACTIVATED), moved(order));
    KnownDevices otherWay = after(moved(order), moved(EntryKind.ACTIVATED));
    assertThat(oneWay.find(PUMP)).isEqualTo(otherWay.find(PUMP));
    oneWay.apply(moved(EntryKind.RESUMED));
    otherWay.apply(moved(EntryKind.RESUMED));
    assertThat(oneWay.find(PUMP)).isEqualTo(otherWay.find(PUMP));
  }

  @Test
  void aFirstSessionNotedDuringASuspensionCommutesWithItsEnd() {
    List<LedgerEntry> onDisk =
        List.of(moved(EntryKind.SUSPENDED), moved(EntryKind.ACTIVATED), moved(EntryKind.RESUMED));
    List<LedgerEntry> inMemory =
        List.of(moved(EntryKind.SUSPENDED), moved(EntryKind.RESUMED), moved(EntryKind.ACTIVATED));
    assertThat(after(onDisk.toArray(LedgerEntry[]::new)).find(PUMP))
        .isEqualTo(after(inMemory.toArray(LedgerEntry[]::new)).find(PUMP))
        .hasValueSatisfying(pump -> assertThat(pump.state()).isEqualTo(DeviceState.ACTIVE));
  }

  @ParameterizedTest
  @EnumSource(
      value = EntryKind.class,
      names = {"REVOKED", "RETIRED"})
  void anIdThatEndedStaysTakenAlsoIfItsRegistrationIsLost(EntryKind end) throws Exception {
    KnownDevices devices = new KnownDevices();
    devices.requireNew(PUMP);
    devices.apply(moved(end));
    assertThat(devices.find(PUMP)).isEmpty();
    assertThat(reasonOf(() -> devices.requireNew(PUMP)))
        .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
  }

  @Test
  void ofADeviceWhoseRegistrationIsLostAStateTakesNothing() throws Exception {
    KnownDevices devices = new KnownDevices();
    devices.apply(moved(EntryKind.ACTIVATED));
    devices.apply(moved(EntryKind.SUSPENDED));
    devices.requireNew(PUMP);
    assertThat(devices.all()).isEmpty();
  }

  private static KnownDevices after(LedgerEntry... entries) {
    KnownDevices devices = new KnownDevices();
    devices.apply(new LedgerEntry.Registered(DeviceRegistryContract.pump()));
    for (LedgerEntry entry : entries) {
      devices.apply(entry);
    }
    return devices;
  }

  private static LedgerEntry.Moved moved(EntryKind kind) {
    return new LedgerEntry.Moved(
        kind,
        PUMP,
        LedgerEntry.Moved.hasCause(kind) ? Optional.of(Cause.UNSPECIFIED) : Optional.empty());
  }
}
