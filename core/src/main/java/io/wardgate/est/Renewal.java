// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.WardgateBug;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * When a device asks for the certificate to follow the one it has: between two thirds and three
 * quarters of its life, each certificate at a moment of its own, so that what was enrolled together
 * does not come back together. Stateless and thread-safe.
 */
public final class Renewal {

  private static final long TWELFTHS = 12;
  private static final long TWO_THIRDS = 8;
  private static final long PARTS = 1 << 16;

  private Renewal() {}

  /** The moment, always the same for a certificate: nothing need be kept for it. */
  public static Instant dueAt(X509Certificate current) {
    Instant begin = current.getNotBefore().toInstant();
    Duration twelfth =
        Duration.between(begin, current.getNotAfter().toInstant()).dividedBy(TWELFTHS);
    return begin
        .plus(twelfth.multipliedBy(TWO_THIRDS))
        .plus(twelfth.dividedBy(PARTS).multipliedBy(partOf(current)));
  }

  /** Evenly spread over certificates, and not to be chosen by whoever names them. */
  private static long partOf(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Short.toUnsignedLong(ByteBuffer.wrap(hash).getShort());
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("a certificate that was parsed encodes, and SHA-256 is there", e);
    }
  }
}
