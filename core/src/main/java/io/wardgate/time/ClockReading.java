// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

import java.time.Instant;

/**
 * What a clock knew at one moment. Immutable.
 *
 * @param state how far it may be believed
 * @param instant the time; the earliest it can be unless {@link ClockState#SYNCED}
 */
public record ClockReading(ClockState state, Instant instant) {

  /** The reading of a clock that is right. */
  public static ClockReading synced(Instant instant) {
    return new ClockReading(ClockState.SYNCED, instant);
  }

  /** Whether {@code other} is past, whatever the true time is. */
  public boolean certainlyAfter(Instant other) {
    return instant.isAfter(other);
  }

  /** Whether {@code other} is still to come; only a clock that is right can know. */
  public boolean certainlyBefore(Instant other) {
    return state == ClockState.SYNCED && instant.isBefore(other);
  }
}
