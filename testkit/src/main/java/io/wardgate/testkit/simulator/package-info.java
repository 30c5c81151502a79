// SPDX-License-Identifier: Apache-2.0
/** The eight kinds of sensor of the ward as simulations: what each of them measures, and when. */
@NullMarked
package io.wardgate.testkit.simulator;

import org.jspecify.annotations.NullMarked;
