// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

/** How much a reading matters when not all can be kept or sent; the first matters most. */
public enum Priority {
  /** Somebody must act. */
  ALARM,
  /** A value somebody watches. */
  VITAL,
  /** Samples behind the values. */
  WAVEFORM,
  /** What the device says about itself. */
  LOG
}
