// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import io.wardgate.Reason;
import java.util.Optional;

/**
 * How a sensor's deliveries stand; a snapshot.
 *
 * @param acknowledged packs the gateway has taken
 * @param waiting packs not handed over yet, without the one on its way
 * @param waitingBytes their size
 * @param shed packs dropped because the buffer was full
 * @param refused packs the gateway does not take
 * @param failures failed attempts in a row; 0 while the link works
 * @param trouble why the last attempt failed, until one succeeds
 */
public record SensorStatus(
    long acknowledged,
    int waiting,
    int waitingBytes,
    long shed,
    long refused,
    int failures,
    Optional<Reason> trouble) {}
