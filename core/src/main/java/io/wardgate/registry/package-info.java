// SPDX-License-Identifier: Apache-2.0
/** Which devices exist here and in what role; the only source of a role. */
@NullMarked
package io.wardgate.registry;

import org.jspecify.annotations.NullMarked;
