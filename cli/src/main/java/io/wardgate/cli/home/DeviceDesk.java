// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.Cause;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Where devices are let in and taken out of service.
 *
 * <p>A device gets a credential and a place in the registry in two steps: a {@link Ticket} with
 * what to hand out, then {@link Ticket#register} once that is safe on disk.
 *
 * <p>In this order nothing is ever half done. A failure or crash before the second step leaves the
 * device unregistered, and whatever was written down opens nothing; the id can be issued again. A
 * registration without its credential cannot come about. While a ticket is open nobody else gets
 * one, so one id is never handed out twice.
 */
public interface DeviceDesk {

  /**
   * Certifies a device's key.
   *
   * @param key EC P-256; its private half never comes here
   * @throws WardgateException {@link Reason#DEVICE_ALREADY_REGISTERED}, {@link
   *     Reason#KEY_ALREADY_ISSUED}, why the ledger issues nothing now, or that the authority is not
   *     valid now
   * @throws IOException if the desk cannot be reached
   */
  CertificateTicket certify(DeviceId device, Role role, PublicKey key)
      throws IOException, WardgateException;

  /**
   * Takes in a device's pre-shared key.
   *
   * @throws WardgateException {@link Reason#DEVICE_ALREADY_REGISTERED}, {@link
   *     Reason#KEY_ALREADY_ISSUED}, {@link Reason#PRE_SHARED_KEY_ALREADY_ISSUED}, or why the ledger
   *     issues nothing now
   * @throws IOException if the desk cannot be reached
   */
  Ticket share(PreSharedKey key, Role role) throws IOException, WardgateException;

  /**
   * Keeps a device out until it is resumed; durable when this returns, as are the three below.
   *
   * @throws WardgateException {@link Reason#DEVICE_NOT_REGISTERED} or {@link
   *     Reason#DEVICE_STATE_FINAL}
   * @throws IOException if it is not known whether it was done
   */
  void suspend(DeviceId device, Cause cause) throws IOException, WardgateException;

  /**
   * Lets a suspended device in again.
   *
   * @throws WardgateException as for {@link #suspend}
   * @throws IOException as for {@link #suspend}
   */
  void resume(DeviceId device) throws IOException, WardgateException;

  /**
   * Ends a device for good, because its credential is not trusted any more.
   *
   * @throws WardgateException as for {@link #suspend}
   * @throws IOException as for {@link #suspend}
   */
  void revoke(DeviceId device, Cause cause) throws IOException, WardgateException;

  /**
   * Ends a device for good, at the end of its service.
   *
   * @throws WardgateException as for {@link #suspend}
   * @throws IOException as for {@link #suspend}
   */
  void retire(DeviceId device, Cause cause) throws IOException, WardgateException;

  /**
   * Takes a list of revoked certificates, in DER; sessions of whoever it revokes end.
   *
   * @param authorities one of them must have signed it
   * @throws WardgateException {@link Reason#CRL_UNUSABLE}, {@link Reason#CRL_OLDER}, {@link
   *     Reason#STATE_FULL} or {@link Reason#STATE_UNAVAILABLE}; then nothing has changed
   * @throws IOException as for {@link #suspend}
   */
  void takeRevocationList(byte[] list, List<X509Certificate> authorities)
      throws IOException, WardgateException;

  /** A device on its way in. Closing without {@link #register} leaves nothing behind. */
  interface Ticket extends AutoCloseable {

    /**
     * Registers the device, durably: when this returns it can come in.
     *
     * @throws WardgateException if it was refused; then it is not registered
     * @throws IOException if it is not known whether it was registered
     */
    void register() throws IOException, WardgateException;

    @Override
    void close() throws IOException;
  }

  /** A {@link Ticket} with certificates to hand out. */
  interface CertificateTicket extends Ticket {

    /** The device's own certificate. */
    X509Certificate certificate();

    /** The authority that vouches for the gateway. */
    X509Certificate gatewayCa();
  }
}
