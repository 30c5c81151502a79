// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * Who certifies devices' keys. A port: {@link EmbeddedAuthority} is one. What it gives is checked
 * before it is handed on, so it is trusted with its key and with nothing else. Implementations are
 * thread-safe and may take their time.
 */
public interface CertificateAuthority {

  /** The certificate that vouches for what it issues. */
  X509Certificate certificate();

  /**
   * Certifies a device's key, for proving itself to a gateway.
   *
   * @param validity from now on; it may be shorter
   * @throws WardgateException if it does not; then nothing was issued
   */
  X509Certificate issueDevice(DeviceId device, PublicKey key, Duration validity)
      throws WardgateException;
}
