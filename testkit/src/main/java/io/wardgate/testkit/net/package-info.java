// SPDX-License-Identifier: Apache-2.0
/** A network that loses, repeats, delays, corrupts and renumbers datagrams, by a seed. */
@NullMarked
package io.wardgate.testkit.net;

import org.jspecify.annotations.NullMarked;
