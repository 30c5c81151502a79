// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.DeviceId;
import java.time.Instant;

/**
 * A reading and who vouches for it: the device that proved itself in the session it came by.
 *
 * @param id no other observation has it; the far side removes repetitions by it
 * @param device the device the session proved
 * @param role the role of the device's registration
 * @param received when the gateway had it, by its own clock
 * @param reading what the device said
 */
public record Observation(
    String id, DeviceId device, String role, Instant received, Reading reading) {}
