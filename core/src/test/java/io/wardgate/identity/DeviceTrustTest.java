// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Trust always names somebody. */
class DeviceTrustTest {

  private final Authority devices = TestPki.authority("Device CA");

  @Test
  @Provision("5.5-4")
  void thereIsNoTrustInNobodyAndNoneInEverybody() {
    assertThat(DeviceTrust.class.getConstructors()).isEmpty();
    assertThat(
            Arrays.stream(DeviceTrust.class.getMethods())
                .filter(m -> Modifier.isStatic(m.getModifiers()))
                .filter(m -> m.getParameterCount() == 0))
        .isEmpty();
  }

  @Test
  void anAnchorIsAnAuthority() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeviceTrust.anchoredAt(devices.issueDevice("pump-1").leaf()));
  }

  @Test
  void aNamespaceKeepsTheRuleOfDeviceIds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeviceTrust.anchoredAt("Acme Ltd", devices.certificate()));
  }

  @Test
  void oneAuthorityHasOneNamespace() {
    DeviceTrust own = DeviceTrust.anchoredAt(devices.certificate());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> own.and(DeviceTrust.anchoredAt("acme", devices.certificate())));
  }

  @Test
  void saysWhichKindsOfProofItTakes() {
    DeviceTrust certificates = DeviceTrust.anchoredAt(devices.certificate());
    DeviceTrust keys = DeviceTrust.ofPreSharedKeys(identity -> Optional.empty());
    assertThat(certificates.acceptsCertificates()).isTrue();
    assertThat(certificates.acceptsPreSharedKeys()).isFalse();
    assertThat(keys.acceptsCertificates()).isFalse();
    assertThat(keys.acceptsPreSharedKeys()).isTrue();
    assertThat(keys.and(certificates).acceptsCertificates()).isTrue();
    assertThat(keys.and(certificates).acceptsPreSharedKeys()).isTrue();
  }

  @Test
  void knowsTheGatewaysOwnAuthorityAgain() {
    DeviceTrust trust = DeviceTrust.anchoredAt(devices.certificate());
    Authority line = devices.issueIntermediate("Line");
    assertThat(trust.vouchesFor(gateway(devices))).isTrue();
    assertThat(trust.vouchesFor(gateway(line))).isTrue();
    assertThat(trust.vouchesFor(gateway(TestPki.authority("Device CA")))).isFalse();
  }

  private static GatewayIdentity gateway(Authority authority) {
    var issued = authority.issueServer("gateway.example");
    return GatewayIdentity.of(issued.key(), issued.chain());
  }

  @Test
  void refusesTwoAuthoritiesInOneNamespace() {
    DeviceTrust one = DeviceTrust.anchoredAt(TestPki.authority("One CA").certificate());
    DeviceTrust other = DeviceTrust.anchoredAt(TestPki.authority("Other CA").certificate());
    assertThatThrownBy(() -> one.and(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two authorities in one namespace");
  }

  @Test
  void takesAnAuthorityRenewedUnderItsOwnName() {
    DeviceTrust old = DeviceTrust.anchoredAt(TestPki.authority("Device CA").certificate());
    DeviceTrust renewed = DeviceTrust.anchoredAt(TestPki.authority("Device CA").certificate());
    assertThat(old.and(renewed).anchorCertificates()).hasSize(2);
  }
}
