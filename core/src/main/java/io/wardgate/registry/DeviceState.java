// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.Reason;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a device stands in its life. What is revoked or retired stays so: an id that comes back is
 * another device's.
 */
public enum DeviceState {
  /** Registered; it has not come yet. */
  ISSUED,
  /** It has come with its own credential at least once. */
  ACTIVE,
  /** Kept out until somebody lets it in again. */
  SUSPENDED,
  /** Out for good, because its credential is not trusted any more. */
  REVOKED,
  /** Out for good, at the end of its service. */
  RETIRED;

  /** The lower-case name, as exports and the command line say it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it stays as it is for ever. */
  public boolean isFinal() {
    return this == REVOKED || this == RETIRED;
  }

  /** Whether a device may go from this state to {@code next}; never to the one it is in. */
  public boolean mayBecome(DeviceState next) {
    return switch (next) {
      case ISSUED -> this == SUSPENDED;
      case ACTIVE -> this == ISSUED || this == SUSPENDED;
      case SUSPENDED -> this == ISSUED || this == ACTIVE;
      case REVOKED, RETIRED -> !isFinal();
    };
  }

  /** Why a device in this state is not served, or empty if it is. */
  public Optional<Reason> refusal() {
    return switch (this) {
      case ISSUED, ACTIVE -> Optional.empty();
      case SUSPENDED -> Optional.of(Reason.DEVICE_SUSPENDED);
      case REVOKED -> Optional.of(Reason.DEVICE_REVOKED);
      case RETIRED -> Optional.of(Reason.DEVICE_RETIRED);
    };
  }
}
