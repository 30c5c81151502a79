// SPDX-License-Identifier: Apache-2.0
/** What Wardgate costs, measured on whatever machine this runs on. */
@NullMarked
package io.wardgate.benchmarks;

import org.jspecify.annotations.NullMarked;
