// SPDX-License-Identifier: Apache-2.0
/**
 * Who is on the other end: trust anchors, chain checks and pre-shared keys end in an {@code
 * AuthenticatedPeer}.
 */
@NullMarked
package io.wardgate.identity;

import org.jspecify.annotations.NullMarked;
