// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.WardgateBug;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which signature algorithms and keys certificates, requests for them and revocation lists may
 * have: ECDSA with SHA-2 (RFC 5758 section 3.2) on P-256 and P-384. Stateless and thread-safe.
 */
public final class Signatures {

  /** ECDSA with SHA-2 (RFC 5758 section 3.2), and the platform's name of the digest. */
  private static final Map<String, String> DIGESTS =
      Map.of(
          "1.2.840.10045.4.3.2", "SHA-256",
          "1.2.840.10045.4.3.3", "SHA-384",
          "1.2.840.10045.4.3.4", "SHA-512");

  private static final Set<EllipticCurve> CURVES = Set.of(curve("secp256r1"), curve("secp384r1"));

  private Signatures() {}

  /** Whether this algorithm, an object identifier with dots, is one of ours. */
  public static boolean isAllowed(String algorithm) {
    return DIGESTS.containsKey(algorithm);
  }

  /** Whether this is a key on P-256 or P-384. */
  public static boolean isAllowed(PublicKey key) {
    return key instanceof ECPublicKey ec && CURVES.contains(ec.getParams().getCurve());
  }

  /**
   * Whether the owner of {@code key} signed this, by an algorithm of ours; a signature that is not
   * DER in its one form is none.
   *
   * @param algorithm its object identifier with dots
   */
  public static boolean verify(PublicKey key, String algorithm, byte[] message, byte[] signature) {
    String digest = DIGESTS.get(algorithm);
    Optional<EcdsaSignature> read = EcdsaSignature.ofDer(signature);
    return digest != null
        && isAllowed(key)
        && read.isPresent()
        && read.get().isOf(key, digest, message);
  }

  private static EllipticCurve curve(String name) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class).getCurve();
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("every Java platform has " + name, e);
    }
  }
}
