// SPDX-License-Identifier: Apache-2.0
/**
 * CoAP (RFC 7252) over DTLS 1.2 (RFC 6347) on Eclipse Californium, which no other package imports.
 */
@NullMarked
package io.wardgate.transport;

import org.jspecify.annotations.NullMarked;
