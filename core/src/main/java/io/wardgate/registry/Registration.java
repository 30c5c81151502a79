// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A device as it is known here: who it is, what it is for, since when, and by which key.
 *
 * @param device who
 * @param role what it is for
 * @param since when it was registered
 * @param key the one credential it may use; empty if any of its authority's for this name will do
 */
public record Registration(
    DeviceId device, Role role, Instant since, Optional<KeyFingerprint> key) {

  /**
   * A device whose authority is trusted to have certified only one key for this name. Prefer {@link
   * #boundTo}: then a second certificate of that name opens nothing.
   */
  public Registration(DeviceId device, Role role, Instant since) {
    this(device, role, since, Optional.empty());
  }

  /** The same device, for this credential only. */
  public Registration boundTo(KeyFingerprint fingerprint) {
    return new Registration(device, role, since, Optional.of(fingerprint));
  }
}
