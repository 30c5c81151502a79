// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.Reason;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a sensor lets in as its gateway. */
@Provision("5.5-1")
class GatewayTrustTest {

  private static final String NAME = "gateway.ward.example";

  private final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  private final Authority gateways = TestPki.authority("Gateway CA", clock);
  private final GatewayTrust trust = GatewayTrust.anchoredAt(gateways.certificate(), NAME);

  @ParameterizedTest
  @ValueSource(strings = {NAME, "Gateway.Ward.EXAMPLE"})
  void letsInTheGatewayOfItsNameInAnyCase(String name) {
    letsIn(trust, gateways.issueServer(name));
  }

  @Test
  void letsInAGatewayThatCarriesTheNameBesideOthers() {
    letsIn(trust, gateways.server("other.example").dns(NAME).ip("10.0.0.1").issue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gateway.ward.example.evil.example",
        "evil-gateway.ward.example",
        "ward.example",
        "*.ward.example",
        "*",
        "gateway.ward.example."
      })
  void refusesEveryOtherName(String name) {
    assertThat(refusal(trust, gateways.issueServer(name))).isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
  }

  @Test
  void aCommonNameCountsForNothing() {
    Credential old = gateways.server(NAME).noAlternativeNames().issue();
    assertThat(old.leaf().getSubjectX500Principal().getName()).contains(NAME);
    assertThat(refusal(trust, old)).isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
  }

  @Test
  void aNameOfAnotherKindCountsForNothing() {
    Credential uri = gateways.server(NAME).noAlternativeNames().uri("coaps://" + NAME).issue();
    assertThat(refusal(trust, uri)).isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
    Credential mail =
        gateways
            .server(NAME)
            .noAlternativeNames()
            .alternativeName(new GeneralName(GeneralName.rfc822Name, NAME))
            .issue();
    assertThat(refusal(trust, mail)).isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
  }

  @Test
  void anAddressIsANameToo() {
    Credential gateway = gateways.server("x.example").ip("10.0.0.7").ip("fd00::7").issue();
    letsIn(GatewayTrust.anchoredAt(gateways.certificate(), "10.0.0.7"), gateway);
    letsIn(GatewayTrust.anchoredAt(gateways.certificate(), "fd00::7"), gateway);
    letsIn(GatewayTrust.anchoredAt(gateways.certificate(), "FD00:0::0007"), gateway);
    assertThat(refusal(GatewayTrust.anchoredAt(gateways.certificate(), "10.0.0.8"), gateway))
        .isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
    assertThat(refusal(GatewayTrust.anchoredAt(gateways.certificate(), "fd00::8"), gateway))
        .isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
  }

  @Test
  void refusesAGatewayOfAnotherAuthority() {
    assertThat(refusal(trust, TestPki.authority("Gateway CA", clock).issueServer(NAME)))
        .isEqualTo(Reason.UNKNOWN_AUTHORITY);
  }

  @Test
  void refusesADeviceAsAGatewayAlsoOfTheSameAuthority() {
    Credential device = gateways.device("pump-1").dns(NAME).issue();
    assertThat(refusal(trust, device)).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    Credential client = gateways.server(NAME).purposes(KeyPurposeId.id_kp_clientAuth).issue();
    assertThat(refusal(trust, client)).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void refusesAnExpiredGateway() {
    Credential old = gateways.server(NAME).validTo(clock.instant().minusSeconds(1)).issue();
    assertThat(refusal(trust, old)).isEqualTo(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void theSubjectMayBeAnything() {
    letsIn(
        trust,
        gateways
            .server(NAME)
            .subject(new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, "Ward").build())
            .issue());
  }

  @Test
  void isNeverWithoutANameOrAnAuthority() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GatewayTrust.anchoredAt(gateways.certificate(), " "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GatewayTrust.anchoredAt(gateways.issueServer(NAME).leaf(), NAME));
  }

  private void letsIn(GatewayTrust by, Credential gateway) {
    assertThatCode(() -> by.verify(gateway.chain(), clock.instant())).doesNotThrowAnyException();
  }

  private Reason refusal(GatewayTrust by, Credential gateway) {
    return reasonOf(() -> by.verify(gateway.chain(), clock.instant()));
  }
}
