// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPublicKeySpec;

/**
 * Refuses to start where signatures or files cannot be relied on.
 *
 * <p>A JDK before 17.0.3 accepts an all-zero ECDSA signature (CVE-2022-21449), which would let
 * anybody in; besides the version, the flaw itself is tried for. Windows has neither the file modes
 * nor the directory fsync that keys and acknowledged readings need.
 */
public final class TrustworthyRuntime {

  private static final Runtime.Version FLOOR = Runtime.Version.parse("17.0.3");

  private TrustworthyRuntime() {}

  /**
   * Checks the runtime this is called in.
   *
   * @throws WardgateException {@link Reason#RUNTIME_UNFIT}
   */
  public static void require() throws WardgateException {
    require(Runtime.version(), System.getProperty("os.name", ""));
    requireZeroSignatureRefused();
  }

  static void require(Runtime.Version java, String os) throws WardgateException {
    if (java.compareToIgnoreOptional(FLOOR) < 0) {
      throw new WardgateException(
          Reason.RUNTIME_UNFIT,
          "Java "
              + java
              + " is older than "
              + FLOOR
              + ": it may accept forged ECDSA signatures (CVE-2022-21449)");
    }
    if (os.startsWith("Windows")) {
      throw new WardgateException(
          Reason.RUNTIME_UNFIT,
          "Windows offers no POSIX file modes and no fsync of a directory, on which keys and"
              + " acknowledged readings rely");
    }
  }

  private static void requireZeroSignatureRefused() throws WardgateException {
    boolean accepted;
    try {
      AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
      p256.init(new ECGenParameterSpec("secp256r1"));
      ECParameterSpec curve = p256.getParameterSpec(ECParameterSpec.class);
      // The generator is a public key like any other; nobody here needs its private half.
      PublicKey key =
          KeyFactory.getInstance("EC")
              .generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve));
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initVerify(key);
      signature.update(new byte[] {1});
      accepted = signature.verify(new byte[] {0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00});
    } catch (GeneralSecurityException refused) {
      accepted = false;
    }
    if (accepted) {
      throw new WardgateException(
          Reason.RUNTIME_UNFIT, "this runtime accepts an all-zero ECDSA signature");
    }
  }
}
