// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import java.util.Set;

/**
 * What the ledger says of a batch. Immutable.
 *
 * @param batch as it was authorised
 * @param open whether devices may be added to it
 * @param issued its devices, in the order they were registered
 * @param unconfirmed those a credential was made for while it was open, and that were never
 *     registered: nothing they hold opens anything
 */
public record BatchRecord(
    Batch batch, boolean open, Set<DeviceId> issued, Set<DeviceId> unconfirmed) {}
