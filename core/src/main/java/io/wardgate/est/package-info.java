// SPDX-License-Identifier: Apache-2.0
/**
 * Enrolment over secure transport on CoAP (EST-coaps, RFC 9148): devices that come with their
 * manufacturer's certificate are given one of their operator's, and renew it. Opens no socket.
 * Supports EN 303 645 5.1-1, 5.4-4 and 5.5-5.
 */
@NullMarked
package io.wardgate.est;

import org.jspecify.annotations.NullMarked;
