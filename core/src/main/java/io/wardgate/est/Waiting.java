// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Devices that ask to be enrolled and that nobody expects, and those an operator has denied:
 * {@value #REMEMBERED} of each, the oldest goes. Not kept over a restart: a device that still wants
 * in asks again. Thread-safe by one lock, held for a map access.
 */
final class Waiting {

  static final int REMEMBERED = 256;

  private final Map<DeviceId, WaitingDevice> devices = new Bounded<>();
  private final Map<DeviceId, Boolean> denied = new Bounded<>();

  private static final class Bounded<V> extends LinkedHashMap<DeviceId, V> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<DeviceId, V> eldest) {
      return size() > REMEMBERED;
    }
  }

  /** Notes one, with the key it proved last, and the time it first asked. */
  synchronized void note(WaitingDevice device) {
    WaitingDevice known = devices.get(device.device());
    if (known == null || !known.key().equals(device.key())) {
      devices.put(device.device(), device);
    }
  }

  /** All, the longest waiting first. */
  synchronized List<WaitingDevice> all() {
    return List.copyOf(devices.values());
  }

  /**
   * One that waits.
   *
   * @throws WardgateException {@link Reason#ENROLMENT_UNKNOWN}
   */
  synchronized WaitingDevice of(DeviceId device) throws WardgateException {
    WaitingDevice found = devices.get(device);
    if (found == null) {
      throw new WardgateException(Reason.ENROLMENT_UNKNOWN, device.toString());
    }
    return found;
  }

  synchronized void forget(DeviceId device) {
    devices.remove(device);
    denied.remove(device);
  }

  synchronized void deny(DeviceId device) {
    devices.remove(device);
    denied.put(device, true);
  }

  synchronized boolean isDenied(DeviceId device) {
    return denied.containsKey(device);
  }
}
