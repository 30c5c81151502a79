// SPDX-License-Identifier: Apache-2.0
package io.wardgate.time;

import java.io.IOException;
import java.util.OptionalLong;

/** Where a clock keeps, over restarts, how late it was at least. Never goes back. */
public interface TimeFloor {

  /**
   * Seconds since 1970, or empty if nothing was kept yet.
   *
   * @throws IOException if it cannot be read
   */
  OptionalLong epochSecond() throws IOException;

  /**
   * Keeps a later one; an earlier one changes nothing.
   *
   * @throws IOException if it is not known whether it was kept
   */
  void raise(long epochSecond) throws IOException;

  /** Kept in memory only: a restart begins anew. */
  static TimeFloor inMemory() {
    return new TimeFloor() {
      private OptionalLong kept = OptionalLong.empty();

      @Override
      public synchronized OptionalLong epochSecond() {
        return kept;
      }

      @Override
      public synchronized void raise(long epochSecond) {
        kept = OptionalLong.of(Math.max(epochSecond, kept.orElse(epochSecond)));
      }
    };
  }
}
