// SPDX-License-Identifier: Apache-2.0
/** How certificates are issued: an authority of the gateway's own, and the PEM they travel in. */
@NullMarked
package io.wardgate.ca;

import org.jspecify.annotations.NullMarked;
