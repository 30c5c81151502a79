// SPDX-License-Identifier: Apache-2.0
/** The sensor's entry point: a client that keeps trying, and keeps what it could not yet send. */
@NullMarked
package io.wardgate.sensor;

import org.jspecify.annotations.NullMarked;
