// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import java.util.Collection;
import java.util.Optional;

/**
 * The devices known here. A device that is not in it, or is suspended, revoked or retired, gets no
 * session, whatever credential it holds.
 *
 * <p>{@link #find} and {@link #activate} are called on protocol threads: implementations answer
 * from memory. What changes something is durable when it returns, except {@link #activate}; when it
 * throws, nothing has changed, and {@link io.wardgate.Reason#STATE_UNAVAILABLE} says that it could
 * not be stored. Implementations are thread-safe. Supports EN 303 645 5.1-1 and 5.4-4.
 */
public interface DeviceRegistry {

  /** The registration of {@code device}, or empty if it is not known here. */
  Optional<Registration> find(DeviceId device);

  /** Every registration, in no order, as of now. */
  Collection<Registration> all();

  /**
   * Adds a device. An id is taken once and for ever, and so is whatever is one of a kind in its
   * credentials.
   *
   * @param registration in state {@link DeviceState#ISSUED}
   * @throws WardgateException {@link io.wardgate.Reason#DEVICE_ALREADY_REGISTERED}, {@link
   *     io.wardgate.Reason#KEY_ALREADY_ISSUED}, {@link
   *     io.wardgate.Reason#CERTIFICATE_SERIAL_ALREADY_ISSUED} or {@link
   *     io.wardgate.Reason#PRE_SHARED_KEY_ALREADY_ISSUED}, or why nothing is issued at all now
   * @throws IllegalArgumentException if it is in another state
   */
  void register(Registration registration) throws WardgateException;

  /**
   * Notes that a device has come with its own credential. Does nothing unless it is {@link
   * DeviceState#ISSUED}; returns at once, and is forgotten if it cannot be stored: the next session
   * will tell it again.
   */
  void activate(DeviceId device);

  /**
   * Notes that a device has come with that key: as {@link #activate}, and what it was given before
   * that key opens nothing any more. Returns at once, and is forgotten if it cannot be stored.
   */
  default void came(DeviceId device, KeyFingerprint key) {
    activate(device);
  }

  /**
   * Keeps a device out until it is resumed.
   *
   * @throws WardgateException {@link io.wardgate.Reason#DEVICE_NOT_REGISTERED}, or {@link
   *     io.wardgate.Reason#DEVICE_STATE_FINAL} if it is suspended, revoked or retired
   */
  void suspend(DeviceId device, Cause cause) throws WardgateException;

  /**
   * Lets a suspended device in again, in the state it had before.
   *
   * @throws WardgateException {@link io.wardgate.Reason#DEVICE_NOT_REGISTERED}, or {@link
   *     io.wardgate.Reason#DEVICE_STATE_FINAL} if it is not suspended
   */
  void resume(DeviceId device) throws WardgateException;

  /**
   * Ends a device whose credential is not trusted any more, for good.
   *
   * @throws WardgateException {@link io.wardgate.Reason#DEVICE_NOT_REGISTERED}, or {@link
   *     io.wardgate.Reason#DEVICE_STATE_FINAL} if it is revoked or retired
   */
  void revoke(DeviceId device, Cause cause) throws WardgateException;

  /**
   * Ends a device whose service is over, for good.
   *
   * @throws WardgateException {@link io.wardgate.Reason#DEVICE_NOT_REGISTERED}, or {@link
   *     io.wardgate.Reason#DEVICE_STATE_FINAL} if it is revoked or retired
   */
  void retire(DeviceId device, Cause cause) throws WardgateException;
}
