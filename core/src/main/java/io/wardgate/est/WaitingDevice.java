// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.DeviceId;
import io.wardgate.registry.KeyFingerprint;
import java.time.Instant;

/**
 * A device that asked to be enrolled and that nobody expects. Immutable.
 *
 * @param device who, as its manufacturer's certificate names it
 * @param key the key of that certificate, which it proved
 * @param since when it first asked
 */
public record WaitingDevice(DeviceId device, KeyFingerprint key, Instant since) {}
