// SPDX-License-Identifier: Apache-2.0
/** What happened that matters to security, in a form that can be kept and sent. */
@NullMarked
package io.wardgate.audit;

import org.jspecify.annotations.NullMarked;
