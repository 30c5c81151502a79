// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cbor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An array, map or tag that still has items to come. */
final class Container {

  /** Up to here comparing is cheaper than hashing. */
  private static final int FEW = 8;

  final int start;

  /** Items to come; of a map, keys and values alike, so that an even number means a key is next. */
  int remaining;

  private final boolean map;

  /** The first few keys of a map. */
  private final List<ByteBuffer> few;

  // Buffers are comparable: colliding hashes chosen by a peer cost a logarithm, not a list.
  private final Set<ByteBuffer> many = new HashSet<>(0);

  Container(int start, int remaining, boolean map) {
    this.start = start;
    this.remaining = remaining;
    this.map = map;
    this.few = map ? new ArrayList<>(FEW) : List.of();
  }

  boolean expectsKey() {
    return map && remaining % 2 == 0;
  }

  /** False if the map already has that key. */
  boolean addKey(ByteBuffer encoded) {
    if (few.contains(encoded)) {
      return false;
    }
    return few.size() < FEW ? few.add(encoded) : many.add(encoded);
  }
}
