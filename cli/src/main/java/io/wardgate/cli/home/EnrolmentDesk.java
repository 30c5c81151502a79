// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.est.WaitingDevice;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Where it is decided which devices are enrolled. What was decided is durable when it returns. */
public interface EnrolmentDesk {

  /**
   * Expects a device.
   *
   * @throws WardgateException if it is out of service, or the ledger issues nothing now
   * @throws IOException if it is not known whether it was done
   */
  void invite(Invitation invitation) throws IOException, WardgateException;

  /**
   * Expects a device that waits, with the key it proved.
   *
   * @return that key
   * @throws WardgateException {@link io.wardgate.Reason#ENROLMENT_UNKNOWN} if it does not wait, or
   *     as for {@link #invite}
   * @throws IOException as for {@link #invite}
   */
  KeyFingerprint approve(DeviceId device, Role role, Instant until)
      throws IOException, WardgateException;

  /**
   * Expects a device no more; a running gateway refuses it until it is invited.
   *
   * @throws WardgateException {@link io.wardgate.Reason#STATE_UNAVAILABLE}
   * @throws IOException as for {@link #invite}
   */
  void deny(DeviceId device) throws IOException, WardgateException;

  /**
   * Devices that wait at a running gateway, the longest waiting first; those that fit into an
   * answer.
   *
   * @throws IOException if it does not answer
   */
  List<WaitingDevice> waiting() throws IOException, WardgateException;
}
