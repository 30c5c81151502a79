// SPDX-License-Identifier: Apache-2.0
/** The ward: a gateway, eight simulated sensors and four intruders in one process. */
@NullMarked
package io.wardgate.examples.ward;

import org.jspecify.annotations.NullMarked;
