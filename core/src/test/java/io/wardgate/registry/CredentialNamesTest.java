// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.keys.StateKeys;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By what a credential is told apart from every other. */
class CredentialNamesTest {

  private static final ObedientClock CLOCK = ObedientClock.at("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void aCertificateIsKnownByItsAuthorityNumberAndKey() {
    Authority authority = TestPki.authority("Device CA");
    X509Certificate first = authority.issueDevice("pump-1").leaf();
    X509Certificate second = authority.issueDevice("pump-1").leaf();
    IssuedCertificate issued = IssuedCertificate.of(first);
    assertThat(issued.serial().number()).isEqualTo(first.getSerialNumber().toString(16));
    assertThat(issued.serial().issuer()).matches("[0-9a-f]{16}");
    assertThat(issued.key()).isEqualTo(KeyFingerprint.of(first.getPublicKey()));
    assertThat(IssuedCertificate.of(second).serial().issuer()).isEqualTo(issued.serial().issuer());
    assertThat(IssuedCertificate.of(second).serial()).isNotEqualTo(issued.serial());
    assertThat(CertificateSerial.of(TestPki.authority("Another").certificate()).issuer())
        .isNotEqualTo(issued.serial().issuer());
  }

  @ParameterizedTest
  @CsvSource({
    "0123456789abcde, 1",
    "0123456789ABCDEF, 1",
    "0123456789abcdef, ''",
    "0123456789abcdef, 01",
    "0123456789abcdef, -0",
    "0123456789abcdef, 1G",
    "0123456789abcdef, '1\n'"
  })
  void aSerialIsWrittenInOneWay(String issuer, String number) {
    assertThatIllegalArgumentException().isThrownBy(() -> new CertificateSerial(issuer, number));
  }

  @Test
  void aSerialNumberHasAtMostFortyBytes() {
    String longest = "f".repeat(80);
    assertThat(new CertificateSerial("0123456789abcdef", longest).number()).isEqualTo(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CertificateSerial("0123456789abcdef", longest + "f"));
  }

  @Test
  @Provision("5.4-1")
  void aSecretIsRecognisedAndTellsNothingWithoutTheKeys() {
    StateKeys keys = StateKeys.generate(CLOCK, RANDOM);
    byte[] secret =
        "a secret of thirty-two bytes ...".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    SecretFingerprint once = SecretFingerprint.of(keys, secret);
    assertThat(SecretFingerprint.of(keys, secret.clone())).isEqualTo(once);
    assertThat(SecretFingerprint.of(keys, new byte[32])).isNotEqualTo(once);
    assertThat(SecretFingerprint.of(StateKeys.generate(CLOCK, RANDOM), secret)).isNotEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 65})
  void fingerprintsHave64Digits(int digits) {
    String hex = "a".repeat(digits);
    assertThatIllegalArgumentException().isThrownBy(() -> new SecretFingerprint(hex));
    assertThatIllegalArgumentException().isThrownBy(() -> new KeyFingerprint(hex));
  }

  @Test
  void aRegistrationNamesEachKeyOnceAndAtMost16() {
    Registration pump = DeviceRegistryContract.pump().boundTo(DeviceRegistryContract.key(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pump.with(DeviceRegistryContract.certificate(0, "1")));
    Registration full = pump;
    for (int i = 1; i < Registration.MAX_CREDENTIALS; i++) {
      full = full.boundTo(DeviceRegistryContract.key(i));
    }
    Registration most = full;
    assertThat(most.keys()).hasSize(16);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> most.boundTo(DeviceRegistryContract.key(16)));
  }

  @Test
  void aDeviceThatIsBoundComesWithOneOfItsKeysOnly() {
    Registration free = DeviceRegistryContract.pump();
    Registration bound = free.boundTo(DeviceRegistryContract.key(1));
    Registration two = bound.with(DeviceRegistryContract.preSharedKey(2, 2));
    assertThat(free.admits(DeviceRegistryContract.key(3))).isTrue();
    assertThat(bound.admits(DeviceRegistryContract.key(3))).isFalse();
    for (int own : List.of(1, 2)) {
      assertThat(two.admits(DeviceRegistryContract.key(own))).isTrue();
    }
    assertThat(two.admits(DeviceRegistryContract.key(3))).isFalse();
  }

  @Test
  void causesAreThoseThatWereWrittenBefore() {
    assertThat(Cause.values())
        .extracting(Cause::code)
        .containsExactly(
            "lost", "stolen", "compromised", "cloned", "replaced", "maintenance", "unspecified");
    for (Cause cause : Cause.values()) {
      assertThat(Cause.of(cause.code())).contains(cause);
    }
    assertThat(Cause.of("STOLEN")).isEmpty();
  }
}
