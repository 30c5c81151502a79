// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

/** How much of a provision a library can answer for. */
public enum LibraryClass {
  /** Wardgate itself does it, and a test shows it. */
  DIRECT,
  /** Wardgate gives the means; the device maker uses them. */
  ASSIST,
  /** The maker's organisation answers: policies, publications, handling of reports. */
  PROCESS,
  /** Out of a library's reach: hardware, boot, casing. */
  OUT
}
