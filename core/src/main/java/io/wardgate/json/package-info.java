// SPDX-License-Identifier: Apache-2.0
/** A strict pull reader and a small writer of JSON (RFC 8259). */
@NullMarked
package io.wardgate.json;

import org.jspecify.annotations.NullMarked;
