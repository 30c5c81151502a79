// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.keys.MonotonicCounter;
import io.wardgate.keys.StateKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Where a journal lies and what it needs.
 *
 * @param directory its own, made if it is not there; nothing else lies in it
 * @param kind what it is for
 * @param keys what seals it
 * @param head the counter that keeps, outside, how far it was acknowledged
 * @param limits how large it may grow
 * @param clock for the time of records
 * @param random for segment keys
 */
public record JournalPlace(
    Path directory,
    JournalKind kind,
    StateKeys keys,
    MonotonicCounter head,
    JournalLimits limits,
    InstantSource clock,
    SecureRandom random) {}
