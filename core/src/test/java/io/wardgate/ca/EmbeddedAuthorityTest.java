// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Role;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.junit.jupiter.api.Test;

class EmbeddedAuthorityTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);
  private static final DeviceId PUMP = DeviceId.of("pump-0042");

  private final SecureRandom random = new SecureRandom();
  private final EmbeddedAuthority authority = authority(YEAR.multipliedBy(10));
  private final KeyPair keys = EcKeys.p256(random);

  private EmbeddedAuthority authority(Duration validity) {
    return EmbeddedAuthority.selfSigned("Test authority", validity, at(NOW), random);
  }

  private static InstantSource at(Instant instant) {
    return InstantSource.fixed(instant);
  }

  @Test
  void aDeviceCertificateOpensASessionOfARegisteredDevice() throws Exception {
    MapRegistry registry = new MapRegistry().with(PUMP, Role.INFUSION_PUMP);
    PeerVerifier verifier =
        new PeerVerifier(DeviceTrust.anchoredAt(authority.certificate()), registry, at(NOW));

    X509Certificate certificate = authority.issueDevice(PUMP, keys.getPublic(), YEAR);

    assertThat(verifier.verify(List.of(certificate)).device()).isEqualTo(PUMP);
  }

  @Test
  void aDeviceCertificateNeverPlaysTheGateway() throws Exception {
    X509Certificate certificate = authority.issueDevice(DeviceId.of("gw"), keys.getPublic(), YEAR);
    GatewayTrust trust = GatewayTrust.anchoredAt(authority.certificate(), "gw");

    assertThat(refusal(() -> trust.verify(List.of(certificate), NOW)))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void aGatewayCertificateCarriesEveryNameAndNoOther() throws Exception {
    List<HostName> names =
        List.of(new HostName("Ward-3.hospital.example"), new HostName("127.0.0.1"));
    X509Certificate certificate = authority.issueGateway(names, keys.getPublic(), YEAR);

    for (String name : List.of("ward-3.hospital.example", "127.0.0.1")) {
      GatewayTrust.anchoredAt(authority.certificate(), name).verify(List.of(certificate), NOW);
    }
    GatewayTrust other = GatewayTrust.anchoredAt(authority.certificate(), "ward-4");
    assertThat(refusal(() -> other.verify(List.of(certificate), NOW)))
        .isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void aDeviceCertificateSaysWhatItIsForAndNoMore() throws Exception {
    X509Certificate certificate = authority.issueDevice(PUMP, keys.getPublic(), YEAR);

    X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    assertThat(subject.getRDNs(BCStyle.SERIALNUMBER)[0].getFirst().getValue())
        .isInstanceOf(ASN1PrintableString.class)
        .hasToString("pump-0042");
    assertThat(certificate.getSubjectX500Principal().getName()).contains("CN=pump-0042");
    assertThat(certificate.getKeyUsage())
        .containsExactly(true, false, false, false, false, false, false, false, false);
    assertThat(certificate.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getEncoded()).hasSizeLessThan(512);
  }

  @Test
  void theAuthorityMayOnlyIssueEndEntities() {
    X509Certificate own = authority.certificate();

    assertThat(own.getBasicConstraints()).isZero();
    boolean[] usage = own.getKeyUsage();
    assertThat(usage[5]).as("keyCertSign").isTrue();
    assertThat(usage[6]).as("cRLSign").isTrue();
    assertThat(usage[0]).as("digitalSignature").isFalse();
    assertThat(own.getNonCriticalExtensionOIDs()).contains("2.5.29.14");
  }

  @Test
  void noTwoCertificatesShareASerial() throws Exception {
    Set<BigInteger> serials = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      BigInteger serial = authority.issueDevice(PUMP, keys.getPublic(), YEAR).getSerialNumber();
      assertThat(serial.signum()).isEqualTo(1);
      assertThat(serial.bitLength()).isBetween(90, 129);
      assertThat(serials.add(serial)).isTrue();
    }
  }

  @Test
  void aCertificateIsValidForASensorWhoseClockIsLate() throws Exception {
    X509Certificate certificate = authority.issueDevice(PUMP, keys.getPublic(), YEAR);

    certificate.checkValidity(java.util.Date.from(NOW.minus(Duration.ofMinutes(50))));
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(YEAR));
  }

  @Test
  void aCertificateNeverOutlivesItsAuthority() throws Exception {
    EmbeddedAuthority brief = authority(Duration.ofDays(30));

    X509Certificate certificate = brief.issueDevice(PUMP, keys.getPublic(), YEAR);

    assertThat(certificate.getNotAfter()).isEqualTo(brief.certificate().getNotAfter());
  }

  @Test
  void anEndedAuthorityIssuesNothing() {
    EmbeddedAuthority ended =
        EmbeddedAuthority.of(authority.entry(), at(NOW.plus(YEAR.multipliedBy(11))), random);
    EmbeddedAuthority early = EmbeddedAuthority.of(authority.entry(), at(NOW.minus(YEAR)), random);

    assertThat(refusal(() -> ended.issueDevice(PUMP, keys.getPublic(), YEAR)))
        .isEqualTo(Reason.CERTIFICATE_EXPIRED);
    assertThat(refusal(() -> early.issueDevice(PUMP, keys.getPublic(), YEAR)))
        .isEqualTo(Reason.CERTIFICATE_NOT_YET_VALID);
  }

  @Test
  void anAuthorityIssuesOnlyInItsOwnNamespace() {
    DeviceId foreign = new DeviceId("acme", "pump-0042");

    assertThatThrownBy(() -> authority.issueDevice(foreign, keys.getPublic(), YEAR))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEndEntityIsNoAuthority() throws Exception {
    X509Certificate certificate = authority.issueDevice(PUMP, keys.getPublic(), YEAR);
    var entry = new io.wardgate.keys.KeyVault.KeyPairEntry(keys.getPrivate(), List.of(certificate));

    assertThatThrownBy(() -> EmbeddedAuthority.of(entry, at(NOW), random))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bouncyCastleIsNeverRegistered() {
    assertThat(java.security.Security.getProvider("BC")).isNull();
  }

  private static Reason refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(WardgateException.class, call).reason();
  }
}
