// SPDX-License-Identifier: Apache-2.0
/** The command {@code wardgate}: one class for each command, each one call into a library. */
@NullMarked
package io.wardgate.cli;

import org.jspecify.annotations.NullMarked;
