// SPDX-License-Identifier: Apache-2.0
/**
 * The words every part of Wardgate shares: which device, and why something was refused.
 *
 * <p>Nothing else lives here; each feature has a package of its own, and imports run downwards only
 * (the house is drawn in {@code docs/adr/0001-the-house.md}).
 */
@NullMarked
package io.wardgate;

import org.jspecify.annotations.NullMarked;
