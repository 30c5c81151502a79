// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** EC keys on P-256, the one curve every DTLS 1.2 sensor stack has. Thread-safe. */
public final class EcKeys {

  /** Used as an object, never registered: what an application's providers are is not ours. */
  static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  /** An uncompressed P-256 key is 91 bytes; nothing much longer can be one. */
  private static final int MAX_PUBLIC_KEY_BYTES = 128;

  private EcKeys() {}

  /** A new key pair on P-256. */
  public static KeyPair p256(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BOUNCY_CASTLE);
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("Bouncy Castle has P-256", e);
    }
  }

  /**
   * Reads a DER {@code SubjectPublicKeyInfo} that holds a point on P-256 by name.
   *
   * @throws WardgateException {@link Reason#KEY_UNSUITABLE} for anything else
   */
  public static PublicKey publicKey(byte[] subjectPublicKeyInfo) throws WardgateException {
    if (subjectPublicKeyInfo.length > MAX_PUBLIC_KEY_BYTES) {
      throw new WardgateException(
          Reason.KEY_UNSUITABLE, subjectPublicKeyInfo.length + " bytes are no P-256 public key");
    }
    try {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(subjectPublicKeyInfo);
      if (!SECObjectIdentifiers.secp256r1.equals(info.getAlgorithm().getParameters())) {
        throw new WardgateException(Reason.KEY_UNSUITABLE, "not a public key on P-256 by name");
      }
      PublicKey key =
          KeyFactory.getInstance("EC", BOUNCY_CASTLE)
              .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
      if (!(key instanceof ECPublicKey)) {
        throw new WardgateException(Reason.KEY_UNSUITABLE, "not an EC public key");
      }
      return key;
    } catch (InvalidKeySpecException | RuntimeException e) {
      throw new WardgateException(Reason.KEY_UNSUITABLE, "not a public key", e);
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("Bouncy Castle has EC", e);
    }
  }
}
