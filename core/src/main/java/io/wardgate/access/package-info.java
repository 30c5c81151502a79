// SPDX-License-Identifier: Apache-2.0
/** Which role may do what to which resource; nothing is allowed by default. */
@NullMarked
package io.wardgate.access;

import org.jspecify.annotations.NullMarked;
