// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A device that an operator expects to be enrolled. Good for one certificate. Immutable.
 *
 * @param device who, as its manufacturer's certificate names it
 * @param role what it will be registered for
 * @param key the key its manufacturer's certificate must have, if that is known beforehand
 * @param until when it is expected no more; to the second
 */
public record Invitation(DeviceId device, Role role, Optional<KeyFingerprint> key, Instant until) {

  /** Whether a device that proved {@code proved} may use it at {@code now}. */
  public boolean admits(KeyFingerprint proved, Instant now) {
    return now.isBefore(until) && key.map(proved::equals).orElse(true);
  }
}
