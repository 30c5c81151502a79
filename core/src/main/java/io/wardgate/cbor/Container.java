// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** An array, map or tag that still has items to come. */
final class Container {

  final int start;

  /** Items to come; of a map, keys and values alike, so that an even number means a key is next. */
  int remaining;

  private final boolean map;

  // Buffers are comparable: colliding hashes chosen by a peer cost a logarithm, not a list.
  private final Set<ByteBuffer> keys;

  Container(int start, int remaining, boolean map) {
    this.start = start;
    this.remaining = remaining;
    this.map = map;
    this.keys = map ? new HashSet<>() : Set.of();
  }

  boolean expectsKey() {
    return map && remaining % 2 == 0;
  }

  /** False if the map already has that key. */
  boolean addKey(ByteBuffer encoded) {
    return keys.add(encoded);
  }
}
