// SPDX-License-Identifier: Apache-2.0
/** A strict pull reader and a deterministic writer of CBOR (RFC 8949), over slices of the input. */
@NullMarked
package io.wardgate.cbor;

import org.jspecify.annotations.NullMarked;
