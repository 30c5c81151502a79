// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was used least recently beyond its bound. Not thread-safe. */
final class Recent<K, V> extends LinkedHashMap<K, V> {

  private static final long serialVersionUID = 1L;
  private static final float LOAD = 0.75f;

  private final int most;

  Recent(int most) {
    super(16, LOAD, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
