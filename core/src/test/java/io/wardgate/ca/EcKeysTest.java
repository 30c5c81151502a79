// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EcKeysTest {

  private final byte[] encoded = EcKeys.p256(new SecureRandom()).getPublic().getEncoded();

  @Test
  void readsAKeyOnP256() throws Exception {
    assertThat(EcKeys.publicKey(encoded).getEncoded()).isEqualTo(encoded);
  }

  @Test
  void refusesEveryTruncation() {
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThat(refusal(cut)).as("cut at %d", length).isEqualTo(Reason.KEY_UNSUITABLE);
    }
  }

  @Test
  void refusesAPointThatIsNotOnTheCurve() {
    byte[] off = encoded.clone();
    off[off.length - 1] ^= 1;

    assertThat(refusal(off)).isEqualTo(Reason.KEY_UNSUITABLE);
  }

  @Test
  void refusesAnotherCurveAndAnotherAlgorithm() throws Exception {
    KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC", "SunEC");
    p384.initialize(new ECGenParameterSpec("secp384r1"));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);

    assertThat(refusal(p384.generateKeyPair().getPublic().getEncoded()))
        .isEqualTo(Reason.KEY_UNSUITABLE);
    assertThat(refusal(rsa.generateKeyPair().getPublic().getEncoded()))
        .isEqualTo(Reason.KEY_UNSUITABLE);
  }

  private static Reason refusal(byte[] bytes) {
    return catchThrowableOfType(WardgateException.class, () -> EcKeys.publicKey(bytes)).reason();
  }
}
