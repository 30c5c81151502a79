// SPDX-License-Identifier: Apache-2.0
/**
 * Where devices are born: batches under a signed authorisation, and a credential of its own for
 * each device in them. Opens no socket. Supports EN 303 645 5.1-1, 5.4-3 and 5.4-4.
 */
@org.jspecify.annotations.NullMarked
package io.wardgate.factory;
