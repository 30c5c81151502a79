// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.fixtures.TestSecret;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which device a credential proves, and that nothing in the credential decides what it may do. */
class PeerVerifierTest {

  private final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final MapRegistry registry = new MapRegistry().with("pump-1", Role.INFUSION_PUMP);
  private final PeerVerifier verifier =
      new PeerVerifier(DeviceTrust.anchoredAt(devices.certificate()), registry, clock);

  @Test
  @Provision("5.1-3")
  @Provision("5.5-4")
  void admitsARegisteredDeviceWithACertificateOfItsOwn() throws Exception {
    Credential pump = devices.issueDevice("pump-1");
    AuthenticatedPeer peer = verifier.verify(pump.chain());
    assertThat(peer.device()).isEqualTo(DeviceId.of("pump-1"));
    assertThat(peer.role()).isEqualTo(Role.INFUSION_PUMP);
    assertThat(peer.credential()).isEqualTo(AuthenticatedPeer.Credential.CERTIFICATE);
    assertThat(peer.notAfter()).isEqualTo(pump.leaf().getNotAfter().toInstant());
  }

  @Test
  @Provision("5.5-4")
  @Provision("5.5-5")
  void refusesADeviceThatIsNotRegistered() {
    assertThat(refusal(devices.issueDevice("pump-2"))).isEqualTo(Reason.DEVICE_NOT_REGISTERED);
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void refusesASecondCertificateForADeviceBoundToItsKey() throws Exception {
    Credential own = devices.issueDevice("pump-7");
    Credential second = devices.issueDevice("pump-7");
    registry.register(
        new Registration(DeviceId.of("pump-7"), Role.INFUSION_PUMP, clock.instant())
            .boundTo(KeyFingerprint.of(own.leaf().getPublicKey())));
    assertThat(verifier.verify(own.chain()).device()).isEqualTo(DeviceId.of("pump-7"));
    assertThat(refusal(second)).isEqualTo(Reason.KEY_NOT_REGISTERED);
  }

  @Test
  @Provision("5.4-4")
  void refusesAPreSharedKeyForADeviceBoundToAnother() throws Exception {
    DeviceId tag = DeviceId.of("tag-7");
    registry.register(
        new Registration(tag, Role.ASSET_TAG, clock.instant())
            .boundTo(KeyFingerprint.ofPskIdentity("new")));
    PeerVerifier psk =
        new PeerVerifier(
            DeviceTrust.ofPreSharedKeys(
                id -> Optional.of(new PreSharedKey(tag, id, TestSecret.bytes(32)))),
            registry,
            clock);
    assertThat(psk.verify("new").device()).isEqualTo(tag);
    assertThat(reasonOf(() -> psk.verify("old"))).isEqualTo(Reason.KEY_NOT_REGISTERED);
  }

  @ParameterizedTest
  @EnumSource(
      value = DeviceState.class,
      names = {"SUSPENDED", "REVOKED", "RETIRED"})
  @Provision("5.5-4")
  void aDeviceOutOfServiceIsRefusedAtTheHandshakeAndInItsSession(DeviceState state)
      throws Exception {
    Credential pump = devices.issueDevice("pump-1");
    AuthenticatedPeer peer = verifier.verify(pump.chain());
    DeviceId device = peer.device();
    switch (state) {
      case SUSPENDED -> registry.suspend(device, Cause.LOST);
      case REVOKED -> registry.revoke(device, Cause.STOLEN);
      default -> registry.retire(device, Cause.REPLACED);
    }
    Reason reason = state.refusal().orElseThrow();
    assertThat(refusal(pump)).isEqualTo(reason);
    assertThat(reasonOf(() -> verifier.stillStands(peer))).isEqualTo(reason);
  }

  @Test
  void aResumedDeviceIsServedAgain() throws Exception {
    Credential pump = devices.issueDevice("pump-1");
    AuthenticatedPeer peer = verifier.verify(pump.chain());
    registry.suspend(peer.device(), Cause.MAINTENANCE);
    registry.resume(peer.device());
    assertThat(verifier.stillStands(peer).device()).isEqualTo(peer.device());
    verifier.verify(pump.chain());
  }

  @Test
  @Provision("5.5-4")
  void thePreSharedKeyOfADeviceOutOfServiceLooksUnknown() throws Exception {
    DeviceId tag = DeviceId.of("tag-7");
    registry.with(tag, Role.ASSET_TAG);
    PeerVerifier psk =
        new PeerVerifier(
            DeviceTrust.ofPreSharedKeys(
                id -> Optional.of(new PreSharedKey(tag, id, TestSecret.bytes(32)))),
            registry,
            clock);
    assertThat(psk.preSharedKey("tag")).isPresent();
    registry.suspend(tag, Cause.LOST);
    assertThat(psk.preSharedKey("tag")).isEmpty();
    assertThat(reasonOf(() -> psk.verify("tag"))).isEqualTo(Reason.DEVICE_SUSPENDED);
    registry.resume(tag);
    assertThat(psk.preSharedKey("tag")).isPresent();
    registry.revoke(tag, Cause.STOLEN);
    assertThat(psk.preSharedKey("tag")).isEmpty();
  }

  @Test
  @Provision("5.4-4")
  void ofARevokedDeviceAForeignKeyIsStillAForeignKey() throws Exception {
    Credential own = devices.issueDevice("pump-7");
    DeviceId device = DeviceId.of("pump-7");
    registry.register(
        new Registration(device, Role.INFUSION_PUMP, clock.instant())
            .boundTo(KeyFingerprint.of(own.leaf().getPublicKey())));
    registry.revoke(device, Cause.STOLEN);
    assertThat(refusal(devices.issueDevice("pump-7"))).isEqualTo(Reason.KEY_NOT_REGISTERED);
    assertThat(refusal(own)).isEqualTo(Reason.DEVICE_REVOKED);
  }

  @Test
  void equalSerialsUnderTwoAnchorsAreTwoDevices() throws Exception {
    Authority acme = TestPki.authority("Acme CA", clock);
    PeerVerifier both =
        new PeerVerifier(
            DeviceTrust.anchoredAt(devices.certificate())
                .and(DeviceTrust.anchoredAt("acme", acme.certificate())),
            registry,
            clock);
    assertThat(reasonOf(() -> both.verify(acme.issueDevice("pump-1").chain())))
        .isEqualTo(Reason.DEVICE_NOT_REGISTERED);
    registry.with(new DeviceId("acme", "pump-1"), Role.ASSET_TAG);
    assertThat(both.verify(acme.issueDevice("pump-1").chain()).role()).isEqualTo(Role.ASSET_TAG);
    assertThat(both.verify(devices.issueDevice("pump-1").chain()).role())
        .isEqualTo(Role.INFUSION_PUMP);
  }

  @Test
  @Provision("5.5-4")
  void whatAPeerAppendsToItsChainNeverMovesItToAnotherNamespace() throws Exception {
    Authority acme = devices.issueIntermediate("Acme CA");
    X509Certificate leaf = acme.issueDevice("pump-1").leaf();
    registry.with(new DeviceId("acme", "pump-1"), Role.ASSET_TAG);
    DeviceTrust own = DeviceTrust.anchoredAt(devices.certificate());
    DeviceTrust theirs = DeviceTrust.anchoredAt("acme", acme.certificate());
    for (DeviceTrust trust : List.of(own.and(theirs), theirs.and(own))) {
      PeerVerifier both = new PeerVerifier(trust, registry, clock);
      for (List<X509Certificate> chain :
          List.of(
              List.of(leaf),
              List.of(leaf, acme.certificate()),
              List.of(leaf, acme.certificate(), devices.certificate()))) {
        assertThat(both.verify(chain).device()).isEqualTo(new DeviceId("acme", "pump-1"));
      }
    }
  }

  @Test
  void anchorsOfOneNameAreToldApartByTheirKeys() throws Exception {
    Authority namesake = TestPki.authority("Device CA", clock);
    PeerVerifier both =
        new PeerVerifier(
            DeviceTrust.anchoredAt(devices.certificate())
                .and(DeviceTrust.anchoredAt("acme", namesake.certificate())),
            registry.with(new DeviceId("acme", "pump-1"), Role.ASSET_TAG),
            clock);
    assertThat(both.verify(namesake.issueDevice("pump-1").chain()).device())
        .isEqualTo(new DeviceId("acme", "pump-1"));
  }

  @Test
  void aCertificateCannotGrantItselfARole() throws Exception {
    X500Name boastful =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.OU, "bedside-monitor")
            .addRDN(BCStyle.T, "role=bedside-monitor")
            .addRDN(BCStyle.SERIALNUMBER, "pump-1")
            .addRDN(BCStyle.CN, "bedside-monitor")
            .build();
    Credential pump =
        devices
            .device("pump-1")
            .subject(boastful)
            .uri("urn:wardgate:role:bedside-monitor")
            .dns("bedside-monitor")
            .issue();
    assertThat(verifier.verify(pump.chain()).role()).isEqualTo(Role.INFUSION_PUMP);
  }

  @Test
  void refusesASubjectWithoutASerialNumber() {
    assertThat(refusal(devices.device("pump-1").serialNumbers().issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void refusesASubjectWithTwoSerialNumbers() {
    assertThat(refusal(devices.device("pump-1").serialNumbers("pump-1", "pump-2").issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void refusesASerialNumberThatSharesItsPlace() {
    AttributeTypeAndValue serial =
        new AttributeTypeAndValue(BCStyle.SERIALNUMBER, new DERPrintableString("pump-1"));
    AttributeTypeAndValue name = new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String("pump-1"));
    X500Name shared =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addMultiValuedRDN(new AttributeTypeAndValue[] {serial, name})
            .build();
    assertThat(refusal(devices.device("pump-1").subject(shared).issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "pump 1", "acme/pump-1", "pump-1\n", "-pump", "pump-1,CN=x", "p?"})
  void refusesASerialNumberThatIsNoDeviceSerial(String odd) {
    assertThat(refusal(devices.device("pump-1").serialNumbers(odd).issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void refusesASerialNumberOfMoreThan64Characters() {
    assertThat(refusal(devices.device("x").serialNumbers("x".repeat(65)).issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void refusesASerialNumberInAnotherStringType() {
    X500Name utf8 =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.SERIALNUMBER, new DERUTF8String("pump-1"))
            .build();
    assertThat(refusal(devices.device("pump-1").subject(utf8).issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void aCommonNameIsNoIdentity() {
    X500Name commonName =
        new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, "pump-1").build();
    assertThat(refusal(devices.device("pump-1").subject(commonName).issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void aSessionEndsWithItsCertificate() throws Exception {
    AuthenticatedPeer peer = verifier.verify(devices.issueDevice("pump-1").chain());
    clock.set(peer.notAfter());
    assertThat(verifier.stillStands(peer).device()).isEqualTo(peer.device());
    clock.advance(Duration.ofMillis(1));
    assertThat(reasonOf(() -> verifier.stillStands(peer))).isEqualTo(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void aSessionEndsWithItsRegistration() throws Exception {
    AuthenticatedPeer peer = verifier.verify(devices.issueDevice("pump-1").chain());
    registry.remove(peer.device());
    assertThat(reasonOf(() -> verifier.stillStands(peer))).isEqualTo(Reason.DEVICE_NOT_REGISTERED);
  }

  @Test
  void aSessionFollowsAChangeOfRole() throws Exception {
    AuthenticatedPeer peer = verifier.verify(devices.issueDevice("pump-1").chain());
    registry.with("pump-1", Role.ASSET_TAG);
    AuthenticatedPeer now = verifier.stillStands(peer);
    assertThat(now.role()).isEqualTo(Role.ASSET_TAG);
    assertThat(now.notAfter()).isEqualTo(peer.notAfter());
    assertThat(now.credential()).isEqualTo(peer.credential());
  }

  @Test
  void admitsARegisteredDeviceWithAPreSharedKeyOfItsOwn() throws Exception {
    PeerVerifier keys = withKeys(Map.of("id-1", key("pump-1", "id-1")));
    AuthenticatedPeer peer = keys.verify("id-1");
    assertThat(peer.device()).isEqualTo(DeviceId.of("pump-1"));
    assertThat(peer.role()).isEqualTo(Role.INFUSION_PUMP);
    assertThat(peer.credential()).isEqualTo(AuthenticatedPeer.Credential.PRE_SHARED_KEY);
    assertThat(peer.notAfter()).isEqualTo(Instant.MAX);
    clock.advance(Duration.ofDays(36_500));
    assertThat(keys.stillStands(peer).device()).isEqualTo(peer.device());
  }

  @Test
  void oneKeyServesManyHandshakes() throws Exception {
    PeerVerifier keys = withKeys(Map.of("id-1", key("pump-1", "id-1")));
    for (int handshake = 0; handshake < 3; handshake++) {
      assertThat(keys.preSharedKey("id-1").orElseThrow().copyOfKey()).hasSize(32);
      assertThat(keys.verify("id-1").device()).isEqualTo(DeviceId.of("pump-1"));
    }
  }

  @Test
  void refusesAnIdentityNobodyGoesBy() {
    PeerVerifier keys = withKeys(Map.of("id-1", key("pump-1", "id-1")));
    assertThat(keys.preSharedKey("id-2")).isEmpty();
    assertThat(reasonOf(() -> keys.verify("id-2"))).isEqualTo(Reason.PSK_IDENTITY_UNKNOWN);
    assertThat(reasonOf(() -> verifier.verify("id-1"))).isEqualTo(Reason.PSK_IDENTITY_UNKNOWN);
  }

  @Test
  void refusesTheKeyOfADeviceThatIsNotRegistered() {
    PeerVerifier keys = withKeys(Map.of("id-9", key("pump-9", "id-9")));
    assertThat(keys.preSharedKey("id-9")).isEmpty();
    assertThat(reasonOf(() -> keys.verify("id-9"))).isEqualTo(Reason.DEVICE_NOT_REGISTERED);
  }

  @Test
  void refusesEveryCertificateWhereOnlyKeysAreTrusted() {
    PeerVerifier keys = withKeys(Map.of("id-1", key("pump-1", "id-1")));
    assertThat(reasonOf(() -> keys.verify(devices.issueDevice("pump-1").chain())))
        .isEqualTo(Reason.UNKNOWN_AUTHORITY);
  }

  @Test
  void aRefusalHoldsNothingThePeerChose() {
    Credential odd =
        devices
            .device("pump-1")
            .serialNumbers("evil\u0007'; drop")
            .extension(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), false, DERNull.INSTANCE)
            .purposes(KeyPurposeId.id_kp_clientAuth)
            .issue();
    List<X509Certificate> chain = odd.chain();
    try {
      verifier.verify(chain);
    } catch (WardgateException e) {
      assertThat(e.getMessage()).doesNotContain("evil");
    }
  }

  private Reason refusal(Credential credential) {
    return reasonOf(() -> verifier.verify(credential.chain()));
  }

  private PeerVerifier withKeys(Map<String, PreSharedKey> keys) {
    return new PeerVerifier(
        DeviceTrust.ofPreSharedKeys(identity -> Optional.ofNullable(keys.get(identity))),
        registry,
        clock);
  }

  private static PreSharedKey key(String serial, String identity) {
    return new PreSharedKey(DeviceId.of(serial), identity, TestSecret.bytes(32));
  }
}
