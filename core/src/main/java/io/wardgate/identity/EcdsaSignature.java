// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.WardgateBug;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * An ECDSA signature as the two numbers it is, read in exactly one way.
 *
 * <p>The platform's own verifier takes signatures of the wrong length and with a wrong sign, so
 * that one signature has several encodings; ours does not. Immutable.
 *
 * @param r the first number
 * @param s the second
 */
record EcdsaSignature(BigInteger r, BigInteger s) {

  /** Reads the form of X.509 (RFC 3279 section 2.2.3), in DER to the last bit. */
  static Optional<EcdsaSignature> ofDer(byte[] der) {
    try {
      ASN1Primitive read = ASN1Primitive.fromByteArray(der);
      if (read instanceof ASN1Sequence sequence
          && sequence.size() == 2
          && sequence.getObjectAt(0) instanceof ASN1Integer r
          && sequence.getObjectAt(1) instanceof ASN1Integer s
          && Arrays.equals(sequence.getEncoded("DER"), der)) {
        return Optional.of(new EcdsaSignature(r.getValue(), s.getValue()));
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      // Whatever the parser throws on a peer's bytes, they are not a signature.
      return Optional.empty();
    }
  }

  /** Reads the form of COSE (RFC 9053 section 2.1): both numbers, each of exactly these bytes. */
  static Optional<EcdsaSignature> ofFixedLength(byte[] raw, int bytesEach) {
    return raw.length != 2 * bytesEach
        ? Optional.empty()
        : Optional.of(
            new EcdsaSignature(
                new BigInteger(1, Arrays.copyOfRange(raw, 0, bytesEach)),
                new BigInteger(1, Arrays.copyOfRange(raw, bytesEach, raw.length))));
  }

  /**
   * Whether the owner of {@code key} signed {@code message}.
   *
   * @param digest as the platform calls it: {@code SHA-256}
   */
  boolean isOf(PublicKey key, String digest, byte[] message) {
    try {
      AsymmetricKeyParameter parameters = PublicKeyFactory.createKey(key.getEncoded());
      if (!(parameters instanceof ECPublicKeyParameters point)) {
        return false;
      }
      ECDSASigner verifier = new ECDSASigner();
      verifier.init(false, point);
      return verifier.verifySignature(MessageDigest.getInstance(digest).digest(message), r, s);
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-2", e);
    } catch (IOException | RuntimeException e) {
      // A point that is not on its curve, or a curve nobody knows: no key, so nobody's signature.
      return false;
    }
  }
}
