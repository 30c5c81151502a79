// SPDX-License-Identifier: Apache-2.0
/** A request and its response, what answers it, and the ports that carry it. */
@NullMarked
package io.wardgate.exchange;

import org.jspecify.annotations.NullMarked;
