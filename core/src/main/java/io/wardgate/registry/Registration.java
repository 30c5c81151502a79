// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import java.time.Instant;

/**
 * A device as it is known here: who it is, what it is for, since when.
 *
 * @param device who
 * @param role what it is for
 * @param since when it was registered
 */
public record Registration(DeviceId device, Role role, Instant since) {}
