// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.DeviceId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts unanswered requests against a bound per device and one in total. Holds only devices that
 * have some, so its size is bounded by the total. Thread-safe, lock-free but for the map's bins.
 */
final class Outstanding {

  private final int perDevice;
  private final int inTotal;
  private final AtomicInteger total = new AtomicInteger();
  private final ConcurrentMap<DeviceId, Integer> devices = new ConcurrentHashMap<>();

  Outstanding(int perDevice, int inTotal) {
    this.perDevice = perDevice;
    this.inTotal = inTotal;
  }

  /** Takes a place, or says that there is none. */
  boolean begin(DeviceId device) {
    if (total.incrementAndGet() > inTotal) {
      total.decrementAndGet();
      return false;
    }
    boolean[] taken = {false};
    devices.compute(
        device,
        (id, count) -> {
          int before = count == null ? 0 : count;
          taken[0] = before < perDevice;
          return taken[0] ? Integer.valueOf(before + 1) : count;
        });
    if (!taken[0]) {
      total.decrementAndGet();
    }
    return taken[0];
  }

  /** Gives a place back. */
  void end(DeviceId device) {
    devices.computeIfPresent(device, (id, count) -> count == 1 ? null : count - 1);
    total.decrementAndGet();
  }

  int count() {
    return total.get();
  }
}
