// SPDX-License-Identifier: Apache-2.0
/** A gateway's home on disk: its layout, its lock, its configuration, and who may come in. */
@NullMarked
package io.wardgate.cli.home;

import org.jspecify.annotations.NullMarked;
