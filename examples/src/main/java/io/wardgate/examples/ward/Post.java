// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.registry.Role;
import io.wardgate.testkit.simulator.SensorKind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A place on the ward: which device stands there and how it lives.
 *
 * @param device who
 * @param kind what
 * @param timeFactor how many times faster than the clock its patient lives, so that half a minute
 *     shows what otherwise takes an hour
 * @param preShared whether it proves a pre-shared key instead of a certificate
 */
record Post(DeviceId device, SensorKind kind, int timeFactor, boolean preShared) {

  /** All eight kinds; a cuff or glucose sensor in real time would measure once or never. */
  static final List<Post> ALL =
      List.of(
          new Post(DeviceId.of("ecg-01"), SensorKind.ECG_PATCH, 1, false),
          new Post(DeviceId.of("glucose-01"), SensorKind.GLUCOSE_SENSOR, 150, false),
          new Post(DeviceId.of("cuff-01"), SensorKind.BLOOD_PRESSURE, 90, false),
          new Post(DeviceId.of("oximeter-01"), SensorKind.PULSE_OXIMETER, 1, false),
          new Post(DeviceId.of("ambulance-01"), SensorKind.AMBULANCE_MONITOR, 1, false),
          new Post(DeviceId.of("bedside-01"), SensorKind.BEDSIDE_MONITOR, 1, false),
          new Post(DeviceId.of("pump-01"), SensorKind.INFUSION_PUMP, 10, false),
          new Post(DeviceId.of("tag-01"), SensorKind.ASSET_TAG, 10, true));

  /** Who lives faster than the clock, and how much. */
  static String timeLapse() {
    return ALL.stream()
        .filter(post -> post.timeFactor > 1)
        .map(post -> post.device + " x" + post.timeFactor)
        .collect(Collectors.joining(", "));
  }

  /** Whether it is out of the house, on the one link that is cut. */
  boolean isAway() {
    return kind == SensorKind.AMBULANCE_MONITOR;
  }

  Role role() {
    return Role.of(kind.id());
  }
}
