// SPDX-License-Identifier: Apache-2.0
/** The gateway's entry point: its builder, and the wiring behind it. */
@NullMarked
package io.wardgate.gateway;

import org.jspecify.annotations.NullMarked;
