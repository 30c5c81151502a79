// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What seals the state opens it again, and nothing else does. */
class StateKeysTest {

  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-11-25T12:00:00Z"));
  private static final char[] UNLOCK = "unlock".toCharArray();
  private static final byte[] CONTEXT = {1, 2, 3};

  @TempDir private Path folder;
  private final SecureRandom random = new SecureRandom();
  private final StateKeys keys = StateKeys.generate(NOW, random);

  @Test
  void opensWhatItSealedInTheSameContextOnly() {
    byte[] key = keys.randomKey(32);
    byte[] wrapped = keys.wrap(key, CONTEXT);
    assertThat(wrapped).hasSize(32 + StateKeys.WRAP_OVERHEAD_BYTES);
    assertThat(keys.unwrap(wrapped, CONTEXT)).hasValue(key);
    assertThat(keys.unwrap(wrapped, new byte[] {1, 2, 4})).isEmpty();
    assertThat(StateKeys.generate(NOW, random).unwrap(wrapped, CONTEXT)).isEmpty();
  }

  @Test
  void opensNothingThatWasCutOrChanged() {
    byte[] wrapped = keys.wrap(keys.randomKey(32), CONTEXT);
    for (int i = 0; i < wrapped.length; i++) {
      assertThat(keys.unwrap(java.util.Arrays.copyOf(wrapped, i), CONTEXT)).isEmpty();
      byte[] changed = wrapped.clone();
      changed[i] ^= 1;
      assertThat(keys.unwrap(changed, CONTEXT)).isEmpty();
    }
  }

  @Test
  void sealsTheSameKeyDifferentlyEachTime() {
    byte[] key = keys.randomKey(32);
    assertThat(keys.wrap(key, CONTEXT)).isNotEqualTo(keys.wrap(key, CONTEXT));
  }

  @Test
  void believesItsOwnSignatureOnly() {
    byte[] statement = "state".getBytes(StandardCharsets.US_ASCII);
    byte[] signature = keys.sign(statement);
    assertThat(keys.verify(statement, signature)).isTrue();
    assertThat(keys.verify(CONTEXT, signature)).isFalse();
    assertThat(keys.verify(statement, new byte[0])).isFalse();
    assertThat(StateKeys.generate(NOW, random).verify(statement, signature)).isFalse();
  }

  @Test
  void namesASharedSecretAlwaysTheSameAndInEachVaultDifferently() {
    byte[] secret = keys.randomKey(32);
    assertThat(keys.fingerprint(secret)).isEqualTo(keys.fingerprint(secret)).hasSize(32);
    assertThat(StateKeys.generate(NOW, random).fingerprint(secret))
        .isNotEqualTo(keys.fingerprint(secret));
  }

  @Test
  @Provision("5.4-1")
  void livesInTheVaultAndNowhereElse() throws Exception {
    Path file = folder.resolve("keys.p12");
    Pkcs12Vault vault = Pkcs12Vault.create(file, UNLOCK);
    assertThat(StateKeys.in(vault, random)).isEmpty();
    keys.storeIn(vault);
    StateKeys again = StateKeys.in(Pkcs12Vault.open(file, UNLOCK), random).orElseThrow();
    byte[] wrapped = keys.wrap(CONTEXT, CONTEXT);
    assertThat(again.unwrap(wrapped, CONTEXT)).hasValue(CONTEXT);
    assertThat(again.keyId()).isEqualTo(keys.keyId());
    assertThat(again.verify(CONTEXT, keys.sign(CONTEXT))).isTrue();
    byte[] secret = vault.secret("state").orElseThrow();
    String onDisk = HexFormat.of().formatHex(Files.readAllBytes(file));
    assertThat(onDisk).doesNotContain(HexFormat.of().formatHex(secret));
    assertThat(keys.toString()).isEqualTo("StateKeys[redacted]");
  }

  @Test
  void takesNoHalfSetOfKeys() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(folder.resolve("keys.p12"), UNLOCK);
    vault.storeSecret("state", new byte[32]);
    assertThatThrownBy(() -> StateKeys.in(vault, random))
        .isInstanceOfSatisfying(
            WardgateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STATE_DAMAGED));
  }

  @Test
  void overcomesASetThatWasHalfStoredWhenThePowerFailed() throws Exception {
    Pkcs12Vault vault = Pkcs12Vault.create(folder.resolve("keys.p12"), UNLOCK);
    StateKeys half = StateKeys.generate(NOW, random);
    half.storeIn(vault);
    Pkcs12Vault other = Pkcs12Vault.create(folder.resolve("other.p12"), UNLOCK);
    other.store("state-signer", vault.keyPair("state-signer").orElseThrow());
    assertThat(StateKeys.in(other, random)).as("nothing counts before the secret").isEmpty();
    keys.storeIn(other);
    assertThat(StateKeys.in(other, random).orElseThrow().keyId()).isEqualTo(keys.keyId());
  }
}
