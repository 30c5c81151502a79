// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.DeviceId;
import io.wardgate.keys.Pkcs12Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultPreSharedKeysTest {

  private static final char[] UNLOCK = "correct horse battery staple".toCharArray();
  private static final DeviceId TAG = DeviceId.of("Tag:7");
  private static final byte[] KEY = "thirty-two bytes, and a few more".getBytes(US_ASCII);

  @TempDir Path directory;
  private Path file;
  private Pkcs12Vault vault;

  @BeforeEach
  void makeVault() throws Exception {
    file = directory.resolve("keys.p12");
    vault = Pkcs12Vault.create(file, UNLOCK);
  }

  @Test
  void aKeyAndItsDeviceSurviveARestartTogether() throws Exception {
    VaultPreSharedKeys.store(vault, new PreSharedKey(TAG, "wg-abc", KEY));

    PreSharedKey found =
        VaultPreSharedKeys.in(Pkcs12Vault.open(file, UNLOCK)).find("wg-abc").orElseThrow();

    assertThat(found.device()).isEqualTo(TAG);
    assertThat(found.copyOfKey()).isEqualTo(KEY);
  }

  @Test
  void findsAKeyAddedLater() throws Exception {
    VaultPreSharedKeys keys = VaultPreSharedKeys.in(vault);
    assertThat(keys.find("wg-abc")).isEmpty();

    VaultPreSharedKeys.store(vault, new PreSharedKey(TAG, "wg-abc", KEY));

    assertThat(keys.find("wg-abc")).isPresent();
  }

  @Test
  void aKeyThatWasStoredWhenLessWasKnownOpensNothing() throws Exception {
    byte[] secret = "wardgate-psk 1\nTag:7\nSummer2026-Ward!".getBytes(US_ASCII);
    vault.storeSecret("psk/wg-abc", secret);
    VaultPreSharedKeys keys = VaultPreSharedKeys.in(vault);

    assertThat(keys.find("wg-abc")).isEmpty();
    assertThat(keys.find("wg-abc")).isEmpty();
  }

  @Test
  void destroyingWhatWasFoundLeavesTheNextOneWhole() throws Exception {
    VaultPreSharedKeys.store(vault, new PreSharedKey(TAG, "wg-abc", KEY));
    VaultPreSharedKeys keys = VaultPreSharedKeys.in(vault);

    keys.find("wg-abc").orElseThrow().destroy();

    assertThat(keys.find("wg-abc").orElseThrow().copyOfKey()).isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "WG-ABC", "wg-abc ", "../gateway", "wg-abc/", "w\u0000", "wg-abd"})
  void anIdentityIsKnownLetterForLetter(String claimed) throws Exception {
    VaultPreSharedKeys.store(vault, new PreSharedKey(TAG, "wg-abc", KEY));

    assertThat(VaultPreSharedKeys.in(vault).find(claimed)).isEmpty();
  }

  @Test
  void refusesAnIdentityThatIsTaken() throws Exception {
    VaultPreSharedKeys.store(vault, new PreSharedKey(TAG, "wg-abc", KEY));

    assertThatThrownBy(
            () ->
                VaultPreSharedKeys.store(
                    vault, new PreSharedKey(DeviceId.of("tag-8"), "wg-abc", KEY)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(VaultPreSharedKeys.in(vault).find("wg-abc").orElseThrow().device()).isEqualTo(TAG);
  }

  @Test
  void theFileAloneGivesUpNeitherKeyNorDevice() throws Exception {
    VaultPreSharedKeys.store(vault, new PreSharedKey(TAG, "wg-abc", KEY));

    String bytes = new String(Files.readAllBytes(file), ISO_8859_1);

    assertThat(bytes).doesNotContain(new String(KEY, US_ASCII)).doesNotContain("Tag:7");
  }
}
