// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.audit.SecurityEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The gateway's security events in the order they were told. Thread-safe, bounded. */
final class EventLog {

  /** An hour's worth many times over; more would mean that something is very wrong. */
  private static final int MOST_EVENTS = 10_000;

  private final Object lock = new Object();
  private final List<SecurityEvent> events = new ArrayList<>();

  void add(SecurityEvent event) {
    synchronized (lock) {
      if (events.size() < MOST_EVENTS) {
        events.add(event);
      }
    }
  }

  int size() {
    synchronized (lock) {
      return events.size();
    }
  }

  /** What was told after the first {@code count}. */
  List<SecurityEvent> after(int count) {
    synchronized (lock) {
      return List.copyOf(events.subList(Math.min(count, events.size()), events.size()));
    }
  }

  /** The last {@code count}, oldest first. */
  List<SecurityEvent> last(int count) {
    return after(Math.max(0, size() - count));
  }

  long sessionsOf(DeviceId device) {
    return count(
        event ->
            event.kind().equals(SecurityEvent.SESSION_OPENED)
                && event.device().filter(device::equals).isPresent());
  }

  private long count(Predicate<SecurityEvent> which) {
    return after(0).stream().filter(which).count();
  }
}
