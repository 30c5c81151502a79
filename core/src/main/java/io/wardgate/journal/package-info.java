// SPDX-License-Identifier: Apache-2.0
/**
 * One append-only, hash-chained, encrypted, crash-safe log; ledger, audit trail and outbox stand on
 * it.
 */
@NullMarked
package io.wardgate.journal;

import org.jspecify.annotations.NullMarked;
