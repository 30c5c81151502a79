// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where readings go from here; a maker's to implement.
 *
 * <p>A sensor is told that its readings are safe when the stage completes, so an uplink completes
 * it only when they are. Delivered at least once: an observation may come again after a failure,
 * with the same id if the gateway tries again and another if the sensor does.
 */
public interface Uplink extends AutoCloseable {

  /**
   * Takes the readings of one pack and returns at once.
   *
   * <p>Called by many threads. Must not block: what waits, waits bounded, and beyond the bound the
   * stage fails with a {@link io.wardgate.WardgateException} of {@link
   * io.wardgate.Reason#OVERLOADED}. If they cannot be made safe it fails with {@link
   * io.wardgate.Reason#UPLINK_UNAVAILABLE}.
   *
   * @param observations in the order they were measured and sent
   */
  CompletionStage<Void> deliver(List<Observation> observations);

  /** Takes nothing more, makes safe what it took, then lets go; never throws, twice is once. */
  @Override
  void close();
}
