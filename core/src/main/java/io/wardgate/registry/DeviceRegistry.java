// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import java.util.Collection;
import java.util.Optional;

/**
 * The devices known here. A device that is not in it has no role and gets no session, whatever
 * credential it holds.
 *
 * <p>{@link #find} is asked on every request and on protocol threads: implementations answer from
 * memory and are thread-safe.
 */
public interface DeviceRegistry {

  /** The registration of {@code device}, or empty if it is not known here. */
  Optional<Registration> find(DeviceId device);

  /** Every registration, in no order, as of now. */
  Collection<Registration> all();

  /**
   * Adds a device; when it returns, the registration survives power loss.
   *
   * @throws WardgateException {@link io.wardgate.Reason#DEVICE_ALREADY_REGISTERED} if the device is
   *     known, {@link io.wardgate.Reason#STATE_UNAVAILABLE} if it cannot be stored; then nothing
   *     has changed
   */
  void register(Registration registration) throws WardgateException;
}
