// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.reading.Observation;
import io.wardgate.reading.Reading;
import io.wardgate.reading.Uplink;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An uplink that remembers the latest reading of each code once another has stored it: what the
 * table shows is what the gateway has safe. Thread-safe.
 */
final class LatestReadings implements Uplink {

  private final Uplink store;
  private final Map<DeviceId, Map<String, Reading>> latest = new ConcurrentHashMap<>();

  LatestReadings(Uplink store) {
    this.store = store;
  }

  @Override
  public CompletionStage<Void> deliver(List<Observation> observations) {
    return store
        .deliver(observations)
        .thenRun(() -> observations.forEach(observation -> remember(observation)));
  }

  @Override
  public void close() {
    store.close();
  }

  /** The latest readings of {@code device}, by code. */
  Map<String, Reading> of(DeviceId device) {
    return Map.copyOf(latest.getOrDefault(device, Map.of()));
  }

  private void remember(Observation observation) {
    // What waited for the link arrives after what is newer.
    latest
        .computeIfAbsent(observation.device(), device -> new ConcurrentHashMap<>())
        .merge(
            observation.reading().code(),
            observation.reading(),
            (old, now) -> now.time().isBefore(old.time()) ? old : now);
  }
}
