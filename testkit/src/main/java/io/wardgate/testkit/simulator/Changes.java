// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import org.jspecify.annotations.Nullable;

/** Remembers the last value of one thing, and tells a change from a repetition. */
final class Changes<T> {

  private @Nullable T last;

  /** Whether this differs from the value before; the first value does. */
  boolean to(T value) {
    boolean changed = !value.equals(last);
    last = value;
    return changed;
  }
}
