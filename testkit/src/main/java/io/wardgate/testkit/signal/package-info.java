// SPDX-License-Identifier: Apache-2.0
/**
 * Physiological and technical signals as models: what a body or a device does, sampled in simulated
 * time.
 *
 * <p>Every value follows from the seed and the elapsed time. No clock is read; random draws choose
 * parameters and moments (how high a fever, when an episode), never the shape of the signal. The
 * arithmetic is {@code StrictMath} and {@link io.wardgate.testkit.Draws}, so a seed gives the same
 * signal on every JDK, and how a span is divided into calls makes no difference. The classes are
 * not thread-safe: one patient, one thread.
 *
 * <p>Plausible, not diagnostic: nothing here is fit to validate a medical algorithm.
 */
@NullMarked
package io.wardgate.testkit.signal;

import org.jspecify.annotations.NullMarked;
