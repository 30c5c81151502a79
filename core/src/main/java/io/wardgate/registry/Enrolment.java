// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import io.wardgate.DeviceId;
import java.time.Instant;

/**
 * A certificate that a device was given at its own request. Immutable.
 *
 * @param device whose
 * @param role what it is registered for, if it was not yet
 * @param since when
 * @param credential what is one of a kind in the certificate
 * @param until how long the certificate is valid
 * @param by the key it proved when it asked: its manufacturer's, or one it was given before
 * @param request SHA-256 of the request, 64 hexadecimal digits: asked once more, it gets the same
 * @param certificate the certificate in DER, in hexadecimal, to be given once more; empty once the
 *     device has come with it
 */
public record Enrolment(
    DeviceId device,
    Role role,
    Instant since,
    IssuedCertificate credential,
    Instant until,
    KeyFingerprint by,
    String request,
    String certificate) {

  /** Twice what an operator's certificate has. */
  public static final int MAX_CERTIFICATE_BYTES = 2048;

  /**
   * Checks the texts.
   *
   * @throws IllegalArgumentException if the certificate is too long
   */
  public Enrolment {
    if (certificate.length() > 2 * MAX_CERTIFICATE_BYTES) {
      throw new IllegalArgumentException("a certificate of more than 2048 bytes");
    }
  }

  /** Whether the device has come with it. */
  public boolean isProved() {
    return certificate.isEmpty();
  }

  /** The same, once the device has come with it: it need not be given again. */
  Enrolment proved() {
    return new Enrolment(device, role, since, credential, until, by, request, "");
  }
}
