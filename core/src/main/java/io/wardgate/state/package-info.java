// SPDX-License-Identifier: Apache-2.0
/** Whether what a gateway must not forget is still what was written. */
@NullMarked
package io.wardgate.state;

import org.jspecify.annotations.NullMarked;
