// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

/** How far a clock may be believed. */
public enum ClockState {
  /** Nothing is known but when the software was built. */
  UNSET,
  /** It is at least this late: the newest time that was ever believed. */
  LOWER_BOUND,
  /** Somebody who may say so said what time it is. */
  SYNCED
}
