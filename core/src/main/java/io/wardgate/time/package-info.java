// SPDX-License-Identifier: Apache-2.0
/** What a gateway knows of the time, and how far it may be believed. */
@NullMarked
package io.wardgate.time;

import org.jspecify.annotations.NullMarked;
