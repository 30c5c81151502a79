// SPDX-License-Identifier: Apache-2.0
/** The two examples that README shows: a gateway and a sensor, as small as they can be. */
@NullMarked
package io.wardgate.examples;

import org.jspecify.annotations.NullMarked;
