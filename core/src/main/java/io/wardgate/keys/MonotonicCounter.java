// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import io.wardgate.WardgateException;
import java.io.IOException;

/**
 * A number that only ever rises, kept apart from what it guards: a journal that ends before it was
 * cut or put back. Hardware keeps it best (TPM NV, secure element, RPMB).
 *
 * <p>Implementations are thread-safe, and {@link #raise} is durable when it returns.
 */
public interface MonotonicCounter {

  /**
   * The number as it stands; 0 if it was never raised.
   *
   * @throws WardgateException {@link io.wardgate.Reason#STATE_DAMAGED} if it cannot be told
   * @throws IOException if it cannot be read
   */
  long value() throws IOException, WardgateException;

  /**
   * Raises it to {@code value}; does nothing if it is there or above already.
   *
   * @throws WardgateException as for {@link #value}
   * @throws IOException if it is not known whether it was raised
   */
  void raise(long value) throws IOException, WardgateException;

  /**
   * Whether it was found in another place than where it was made: what it guards is a copy then.
   * Hardware cannot be copied and says no.
   */
  default boolean isCopy() {
    return false;
  }

  /**
   * Makes a copy the one that counts from now on, because somebody decided so.
   *
   * @param value what it stands at, or is to stand at if it cannot be told
   * @throws IOException if it cannot be written
   */
  void adopt(long value) throws IOException;
}
