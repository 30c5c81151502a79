// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.wardgate.DeviceId;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.fixtures.TestSecret;
import io.wardgate.keys.KeyVault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A pre-shared key is long enough, is copied, can be cleared, and is never printed. */
class PreSharedKeyTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final byte[] SECRET =
      "thirty-two bytes nobody may see!".getBytes(StandardCharsets.UTF_8);

  @Test
  @Provision("5.1-3")
  void hasAtLeast16AndAtMost64Bytes() {
    assertThat(new PreSharedKey(PUMP, "id", TestSecret.bytes(16)).copyOfKey()).hasSize(16);
    assertThat(new PreSharedKey(PUMP, "id", TestSecret.bytes(64)).copyOfKey()).hasSize(64);
    for (int length : new int[] {0, 15, 65}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new PreSharedKey(PUMP, "id", new byte[length]));
    }
  }

  @Test
  void anIdentityHas1To128BytesOfUtf8() {
    assertThat(new PreSharedKey(PUMP, "i".repeat(128), SECRET).identity()).hasSize(128);
    for (String identity : List.of("", "i".repeat(129), "\u20ac".repeat(43))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new PreSharedKey(PUMP, identity, SECRET));
    }
  }

  @Test
  void isCopiedInAndOut() {
    byte[] bytes = SECRET.clone();
    PreSharedKey key = new PreSharedKey(PUMP, "id", bytes);
    bytes[0] = 0;
    key.copyOfKey()[1] = 0;
    assertThat(key.copyOfKey()).isEqualTo(SECRET);
  }

  @Test
  void isGoneOnceDestroyed() {
    PreSharedKey key = new PreSharedKey(PUMP, "id", SECRET);
    assertThat(key.isDestroyed()).isFalse();
    key.destroy();
    key.destroy();
    assertThat(key.isDestroyed()).isTrue();
    assertThatIllegalStateException().isThrownBy(key::copyOfKey);
  }

  @Test
  void comparesKeysAndNothingElse() {
    PreSharedKey key = new PreSharedKey(PUMP, "id", SECRET);
    assertThat(key.sameKeyAs(new PreSharedKey(DeviceId.of("tag-1"), "other", SECRET))).isTrue();
    byte[] near = SECRET.clone();
    near[31] ^= 2;
    assertThat(key.sameKeyAs(new PreSharedKey(PUMP, "id", near))).isFalse();
    assertThat(key).isNotEqualTo(new PreSharedKey(PUMP, "id", SECRET));
  }

  @Test
  void aDestroyedKeyEqualsNoKey() {
    PreSharedKey gone = new PreSharedKey(PUMP, "id", SECRET);
    gone.destroy();
    PreSharedKey there = new PreSharedKey(PUMP, "id", SECRET);
    assertThatIllegalStateException().isThrownBy(() -> gone.sameKeyAs(there));
    assertThatIllegalStateException().isThrownBy(() -> there.sameKeyAs(gone));
  }

  @Test
  @Provision("5.4-1")
  void isNeverPrintedByWhatHoldsIt() {
    PreSharedKey key = new PreSharedKey(PUMP, "id", SECRET);
    for (Object holder : List.of(key, SensorCredential.preShared(key))) {
      assertThat(holder.toString())
          .doesNotContain("nobody may see")
          .doesNotContain(HexFormat.of().formatHex(SECRET))
          .doesNotContain(Base64.getEncoder().encodeToString(SECRET))
          .contains("redacted");
    }
  }

  @Test
  @Provision("5.4-1")
  void aPrivateKeyIsNeverPrintedByWhatHoldsIt() {
    var issued = TestPki.authority("CA").issueServer("gateway.example");
    java.security.interfaces.ECPrivateKey secret =
        (java.security.interfaces.ECPrivateKey) issued.key();
    KeyVault.KeyPairEntry entry = new KeyVault.KeyPairEntry(issued.key(), issued.chain());
    GatewayTrust trust =
        GatewayTrust.anchoredAt(TestPki.authority("Gateway CA").certificate(), "gateway.example");
    for (Object holder :
        List.of(
            entry,
            GatewayIdentity.of(issued.key(), issued.chain()),
            SensorCredential.certificate(issued.key(), issued.chain(), trust))) {
      assertThat(holder.toString())
          .doesNotContain(secret.getS().toString())
          .doesNotContainIgnoringCase(secret.getS().toString(16));
    }
  }
}
