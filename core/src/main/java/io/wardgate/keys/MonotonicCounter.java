// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * A number that only ever rises, kept apart from what it guards: a journal that is shorter than its
 * counter says was cut, or put back. Hardware keeps it best (TPM NV, secure element, RPMB).
 *
 * <p>Implementations are thread-safe, and what {@link #raise} or {@link #adopt} wrote is durable
 * when they return.
 */
public interface MonotonicCounter {

  /**
   * The number as it stands, or empty if there is none that can be believed: never made, lost, or
   * damaged.
   *
   * @throws NewerFormatException if a later version wrote it
   * @throws IOException if it cannot be read
   */
  OptionalLong value() throws IOException;

  /**
   * Raises it to {@code value}; does nothing if it is there or above already. One that is lost is
   * made anew, and {@link #isCopy} until somebody {@link #adopt adopts} it.
   *
   * @throws IOException if it is not known whether it was raised
   */
  void raise(long value) throws IOException;

  /**
   * Whether it was found in another place than where it was made: what it guards is a copy then.
   * Hardware cannot be copied and says no.
   *
   * @throws IOException if it cannot be read
   */
  boolean isCopy() throws IOException;

  /**
   * Makes it the one that counts from now on, at this place and from this value, because somebody
   * decided so.
   *
   * @throws IOException if it is not known whether it was written
   */
  void adopt(long value) throws IOException;
}
