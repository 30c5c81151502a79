// SPDX-License-Identifier: Apache-2.0
/**
 * The words every part of Wardgate shares: which device, and why something was refused.
 *
 * <p>Nothing else lives here; each feature has a package of its own, and imports run downwards only
 * (see the design in {@code docs/design.md}).
 */
@NullMarked
package io.wardgate;

import org.jspecify.annotations.NullMarked;
