// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.CertificateDraft;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.time.ClockReading;
import io.wardgate.time.ClockState;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.OtherName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What validators of the platform leave out, each by the reason it is refused for. */
class ChainVerifierTest {

  private static final ASN1ObjectIdentifier UNKNOWN =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.7");
  private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");

  private final ObedientClock clock = ObedientClock.at("2026-11-26T12:00:00Z");
  private final Instant now = clock.instant();
  private final Authority devices = TestPki.authority("Device CA", clock);

  // The anchor itself.

  @Test
  void isNeverWithoutAnAnchor() {
    assertThatThrownBy(
            () -> new ChainVerifier(List.of(), List.of(), none(), RevocationPolicy.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
    X509Certificate device = devices.issueDevice("pump-1").leaf();
    assertThatThrownBy(() -> new TrustAnchor(AnchorPurpose.OPERATOR, "", device))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Provision("5.1-3")
  void anAnchorsPathLengthHolds() throws Exception {
    Authority flat = root("Flat CA").pathLength(0).issueAuthority();
    assertThat(device(flat, flat.issueDevice("pump-1"))).isEqualTo("pump-1");
    assertThat(refusal(flat, flat.issueIntermediate("Line").issueDevice("pump-1")))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  @Provision("5.1-3")
  void anAnchorsNameConstraintsHold() throws Exception {
    Authority acme = constrained(root("Acme CA"), directory("O=Acme")).issueAuthority();
    CertificateDraft own =
        acme.device("x").subject(new X500Name("O=Acme,CN=pump,serialNumber=pump-1"));
    CertificateDraft foreign =
        acme.device("x").subject(new X500Name("O=Other,CN=pump,serialNumber=pump-1"));
    assertThat(device(acme, own.issue())).isEqualTo("pump-1");
    assertThat(refusal(acme, foreign.issue())).isEqualTo(Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void anIntermediatesNameConstraintsHold() {
    Authority line =
        constrained(devices.intermediate("Line"), directory("O=Acme")).issueAuthority();
    assertThat(refusal(devices, line.issueDevice("pump-1"))).isEqualTo(Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void anExcludedNameIsRefused() {
    Authority ca =
        root("CA")
            .extension(
                Extension.nameConstraints,
                true,
                new NameConstraints(null, new GeneralSubtree[] {dnsTree("evil.example")}))
            .issueAuthority();
    assertThat(refusal(ca, ca.device("pump-1").dns("a.evil.example").issue()))
        .isEqualTo(Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void aWildcardBelowAConstraintIsRefused() {
    Authority ca = constrained(root("CA"), dnsTree("ward.example")).issueAuthority();
    assertThat(refusal(ca, ca.device("pump-1").dns("*.ward.example").issue()))
        .isEqualTo(Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void anAddressInTheSubjectIsAConstrainedNameToo() {
    Authority ca =
        root("CA")
            .extension(
                Extension.nameConstraints,
                true,
                new NameConstraints(
                    null,
                    new GeneralSubtree[] {
                      new GeneralSubtree(new GeneralName(GeneralName.rfc822Name, "evil.example"))
                    }))
            .issueAuthority();
    Credential hidden =
        ca.device("x").subject(new X500Name("E=a@evil.example,serialNumber=pump-1")).issue();
    assertThat(refusal(ca, hidden)).isEqualTo(Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void aConstraintOfAFormThatRfc5280DoesNotHaveIsRefused() {
    Authority ca = constrained(root("CA"), dnsTree(".ward.example")).issueAuthority();
    assertThat(refusal(ca, ca.device("pump-1").dns("a.ward.example").issue()))
        .isEqualTo(Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void constraintsThatConstrainNothingOrPartlyAreRefused() {
    Authority nothing =
        root("CA").extension(Extension.nameConstraints, true, new DERSequence()).issueAuthority();
    assertThat(refusal(nothing, nothing.issueDevice("pump-1")))
        .isEqualTo(Reason.NAME_NOT_PERMITTED);
    Authority partly =
        root("CA")
            .extension(
                Extension.nameConstraints,
                true,
                new NameConstraints(
                    new GeneralSubtree[] {
                      new GeneralSubtree(
                          new GeneralName(GeneralName.dNSName, "a.example"), BigInteger.ONE, null)
                    },
                    null))
            .issueAuthority();
    assertThat(refusal(partly, partly.issueDevice("pump-1"))).isEqualTo(Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void anAnchorThatMayNotCertifyVouchesForNobody() {
    Authority mute = root("Mute CA").keyUsage(KeyUsage.cRLSign).issueAuthority();
    assertThat(refusal(mute, mute.issueDevice("pump-1")))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void anAnchorWithACriticalExtensionNobodyKnowsVouchesForNobody() {
    Authority strange = root("CA").extension(UNKNOWN, true, DERNull.INSTANCE).issueAuthority();
    assertThat(refusal(strange, strange.issueDevice("pump-1")))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void anAnchorForServersVouchesForNoClient() {
    Authority servers = root("CA").purposes(KeyPurposeId.id_kp_serverAuth).issueAuthority();
    assertThat(refusal(servers, servers.issueDevice("pump-1")))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  // The purpose, over the whole chain.

  @Test
  void anIntermediateForServersVouchesForNoClient() {
    Authority servers =
        devices.intermediate("Line").purposes(KeyPurposeId.id_kp_serverAuth).issueAuthority();
    assertThat(refusal(devices, servers.issueDevice("pump-1")))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void anEndEntityThatMayCertifyIsRefused() {
    for (int bit : new int[] {KeyUsage.keyCertSign, KeyUsage.cRLSign}) {
      CertificateDraft greedy = devices.device("pump-1").keyUsage(KeyUsage.digitalSignature | bit);
      assertThat(refusal(devices, greedy.issue())).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    }
  }

  @Test
  void anIntermediateMustSayThatItMayCertify() {
    Authority line = devices.intermediate("Line").keyUsage(0).issueAuthority();
    assertThat(refusal(devices, line.issueDevice("pump-1")))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void aManufacturersCertificateNeedNotSayWhatItIsFor() throws Exception {
    Credential silent = devices.device("pump-1").purposes().issue();
    assertThat(verify(AnchorPurpose.MANUFACTURER, devices, silent.chain())).isNotNull();
    assertThat(refusal(devices, silent)).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    Credential server = devices.device("pump-1").purposes(KeyPurposeId.id_kp_serverAuth).issue();
    assertThat(reasonOf(() -> verify(AnchorPurpose.MANUFACTURER, devices, server.chain())))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void aDeviceIsNoGatewayAndAGatewayNoDevice() throws Exception {
    Credential gateway = devices.issueServer("gw.example");
    assertThat(verify(AnchorPurpose.GATEWAY, devices, gateway.chain())).isNotNull();
    assertThat(refusal(devices, gateway)).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    List<X509Certificate> device = devices.issueDevice("pump-1").chain();
    assertThat(reasonOf(() -> verify(AnchorPurpose.GATEWAY, devices, device)))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  // The form.

  @Test
  @Provision("5.1-3")
  void aSerialNumberIsPositiveAndAtMostTwentyOctets() throws Exception {
    for (BigInteger wrong :
        List.of(BigInteger.ZERO, BigInteger.ONE.negate(), BigInteger.ONE.shiftLeft(8 * 20 - 1))) {
      assertThat(refusal(devices, devices.device("pump-1").certificateNumber(wrong).issue()))
          .as("%s", wrong)
          .isEqualTo(Reason.CERTIFICATE_MALFORMED);
    }
    BigInteger largest = BigInteger.ONE.shiftLeft(8 * 20 - 1).subtract(BigInteger.ONE);
    assertThat(device(devices, devices.device("pump-1").certificateNumber(largest).issue()))
        .isEqualTo("pump-1");
  }

  @Test
  void keyIdentifiersAreNeverCritical() {
    CertificateDraft odd =
        devices
            .device("pump-1")
            .extension(
                Extension.authorityInfoAccess,
                true,
                new DERSequence(
                    new DERSequence(
                        new ASN1Encodable[] {
                          UNKNOWN, new GeneralName(GeneralName.dNSName, "a.example")
                        })));
    assertThat(refusal(devices, odd.issue())).isEqualTo(Reason.CERTIFICATE_MALFORMED);
  }

  @Test
  void whatAnExtensionSaysMustMakeSense() {
    CertificateDraft odd =
        devices
            .device("pump-1")
            .extension(Extension.certificatePolicies, false, new ASN1Integer(1));
    assertThat(refusal(devices, odd.issue())).isEqualTo(Reason.CERTIFICATE_MALFORMED);
  }

  @Test
  void anEndEntityConstrainsNobody() {
    CertificateDraft odd = constrained(devices.device("pump-1"), directory("O=Acme"));
    assertThat(refusal(devices, odd.issue()))
        .isIn(Reason.CERTIFICATE_MALFORMED, Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void aGatewaysAuthoritiesFollowTheLetter() throws Exception {
    Authority gateways = TestPki.authority("Gateway CA", clock);
    assertThat(verify(AnchorPurpose.GATEWAY, gateways, gateways.issueServer("gw").chain()))
        .isNotNull();
    Authority loose =
        root("Loose CA")
            .noConstraints()
            .extension(Extension.basicConstraints, false, new BasicConstraints(true))
            .issueAuthority();
    assertThat(
            reasonOf(() -> verify(AnchorPurpose.GATEWAY, loose, loose.issueServer("gw").chain())))
        .isEqualTo(Reason.CERTIFICATE_MALFORMED);
    assertThat(device(loose, loose.issueDevice("pump-1"))).isEqualTo("pump-1");
  }

  // Paths.

  @Test
  void onlyTheOperatorsCertificatesCompleteAChain() throws Exception {
    Authority line = devices.issueIntermediate("Line");
    List<X509Certificate> leafOnly = List.of(line.issueDevice("pump-1").leaf());
    assertThat(reasonOf(() -> verify(AnchorPurpose.OPERATOR, devices, leafOnly)))
        .isEqualTo(Reason.UNKNOWN_AUTHORITY);
    assertThat(
            verifier(AnchorPurpose.OPERATOR, devices, List.of(line.certificate()))
                .verify(leafOnly, ClockReading.synced(now))
                .path())
        .hasSize(2);
  }

  @Test
  void oneOfTwoWaysThatHoldsIsEnough() throws Exception {
    Authority line = devices.issueIntermediate("Line");
    Authority stale =
        devices
            .intermediate("Line")
            .keyPair(new KeyPair(line.certificate().getPublicKey(), line.key()))
            .validTo(now.minusSeconds(1))
            .issueAuthority();
    List<X509Certificate> held = List.of(stale.certificate(), line.certificate());
    List<X509Certificate> leafOnly = List.of(line.issueDevice("pump-1").leaf());
    assertThat(
            verifier(AnchorPurpose.OPERATOR, devices, held)
                .verify(leafOnly, ClockReading.synced(now)))
        .isNotNull();
  }

  @Test
  void workIsBoundedHoweverManyNamesakesThereAre() {
    List<X509Certificate> namesakes = new ArrayList<>();
    for (int i = 0; i <= CertificatePath.MAX_SIGNATURES; i++) {
      namesakes.add(devices.intermediate("Line").issue().leaf());
    }
    Authority lost = devices.issueIntermediate("Line");
    List<X509Certificate> leafOnly = List.of(lost.issueDevice("pump-1").leaf());
    assertThat(
            reasonOf(
                () ->
                    verifier(AnchorPurpose.OPERATOR, devices, namesakes)
                        .verify(leafOnly, ClockReading.synced(now))))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  // Time.

  @Test
  void aClockThatKnowsABoundRefusesWhatIsCertainlyExpired() throws Exception {
    Credential early = devices.device("pump-1").validFrom(now.plusSeconds(60)).issue();
    Credential old = devices.device("pump-1").validTo(now.minusSeconds(1)).issue();
    ClockReading bound = new ClockReading(ClockState.LOWER_BOUND, now);
    ChainVerifier verifier = verifier(AnchorPurpose.OPERATOR, devices, List.of());
    assertThat(verifier.verify(early.chain(), bound)).isNotNull();
    assertThat(reasonOf(() -> verifier.verify(old.chain(), bound)))
        .isEqualTo(Reason.CERTIFICATE_EXPIRED);
    assertThat(reasonOf(() -> verifier.verify(early.chain(), ClockReading.synced(now))))
        .isEqualTo(Reason.CERTIFICATE_NOT_YET_VALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z"})
  void aClockThatIsFarOffRefuses(String at) {
    assertThat(
            reasonOf(
                () ->
                    verifier(AnchorPurpose.OPERATOR, devices, List.of())
                        .verify(
                            devices.issueDevice("pump-1").chain(),
                            ClockReading.synced(Instant.parse(at)))))
        .isIn(Reason.CERTIFICATE_EXPIRED, Reason.CERTIFICATE_NOT_YET_VALID);
  }

  @Test
  void anEndThatNeverComesIsAnEnd() throws Exception {
    Credential forever =
        devices.device("pump-1").validTo(Instant.parse("9999-12-31T23:59:59Z")).issue();
    assertThat(device(devices, forever)).isEqualTo("pump-1");
  }

  // The name.

  @Test
  void aHardwareModuleNamesItsDevice() throws Exception {
    Credential module =
        devices
            .device("x")
            .subject(new X500Name("CN=module"))
            .alternativeName(hardwareModule("1.3.6.1.4.1.32473.1", new byte[] {1, (byte) 0xab}))
            .issue();
    assertThat(device(devices, module)).isEqualTo("hw:1.3.6.1.4.1.32473.1:01ab");
  }

  @Test
  void aDeviceUrnNamesItsDevice() throws Exception {
    Credential urn =
        devices
            .device("x")
            .subject(new X500Name("CN=x"))
            .uri("https://maker.example")
            .uri("urn:dev:os:32473-12-34")
            .issue();
    assertThat(device(devices, urn)).isEqualTo("dev:os:32473-12-34");
  }

  @Test
  void theSerialNumberComesFirst() throws Exception {
    Credential all =
        devices
            .device("pump-1")
            .uri("urn:dev:os:32473-1")
            .alternativeName(hardwareModule("1.2.3", new byte[] {1}))
            .issue();
    assertThat(device(devices, all)).isEqualTo("pump-1");
  }

  @Test
  void noSerialNumberReadsLikeAnotherKindOfName() {
    for (String posing : List.of("hw:1.2.3:01", "dev:os:32473-1")) {
      assertThat(identity(devices.issueDevice(posing))).isEqualTo(Reason.IDENTITY_MISSING);
    }
  }

  @Test
  void twoNamesOfOneKindNameNobody() {
    assertThat(
            identity(
                devices
                    .device("x")
                    .subject(new X500Name("CN=x"))
                    .uri("urn:dev:os:1")
                    .uri("urn:dev:os:2")
                    .issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  @Provision("5.1-3")
  void aWildcardNamesNoDevice() {
    assertThat(identity(devices.device("pump-1").dns("*.ward.example").issue()))
        .isEqualTo(Reason.IDENTITY_MISSING);
  }

  @Test
  void aNameOfTheWrongFormIsMalformed() {
    for (String odd : List.of("a b", "a\0b", "")) {
      assertThat(refusal(devices, devices.device("pump-1").dns(odd).issue()))
          .as(odd)
          .isEqualTo(Reason.CERTIFICATE_MALFORMED);
    }
    CertificateDraft address =
        devices
            .device("pump-1")
            .alternativeName(
                new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[5])));
    assertThat(refusal(devices, address.issue()))
        .isIn(Reason.CERTIFICATE_MALFORMED, Reason.NAME_NOT_PERMITTED);
  }

  @Test
  void aCertificateMayNameNobody() throws Exception {
    Credential nameless = devices.device("x").subject(new X500Name("CN=x")).issue();
    VerifiedChain chain = verify(AnchorPurpose.OPERATOR, devices, nameless.chain());
    assertThat(ChainVerifier.deviceOf(chain)).isEmpty();
  }

  private static Revocations none() {
    return Revocations.inMemory();
  }

  private static GeneralName hardwareModule(String type, byte[] number) {
    return new GeneralName(
        GeneralName.otherName,
        new OtherName(
            HARDWARE_MODULE_NAME,
            new DERSequence(
                new ASN1Encodable[] {new ASN1ObjectIdentifier(type), new DEROctetString(number)})));
  }

  private static GeneralSubtree directory(String name) {
    return new GeneralSubtree(new GeneralName(new X500Name(name)));
  }

  private static GeneralSubtree dnsTree(String name) {
    return new GeneralSubtree(new GeneralName(GeneralName.dNSName, name));
  }

  private static CertificateDraft constrained(CertificateDraft draft, GeneralSubtree permitted) {
    return draft.extension(
        Extension.nameConstraints,
        true,
        new NameConstraints(new GeneralSubtree[] {permitted}, null));
  }

  private CertificateDraft root(String name) {
    return TestPki.root(name, clock, new SecureRandom());
  }

  private ChainVerifier verifier(
      AnchorPurpose purpose, Authority authority, List<X509Certificate> held) {
    return new ChainVerifier(
        List.of(new TrustAnchor(purpose, "", authority.certificate())),
        held,
        none(),
        RevocationPolicy.DEFAULT);
  }

  private VerifiedChain verify(
      AnchorPurpose purpose, Authority authority, List<X509Certificate> chain) throws Exception {
    return verifier(purpose, authority, List.of()).verify(chain, ClockReading.synced(now));
  }

  private String device(Authority authority, Credential credential) throws Exception {
    Optional<DeviceId> device =
        ChainVerifier.deviceOf(verify(AnchorPurpose.OPERATOR, authority, credential.chain()));
    return device.orElseThrow().toString();
  }

  private Reason refusal(Authority authority, Credential credential) {
    return reasonOf(() -> verify(AnchorPurpose.OPERATOR, authority, credential.chain()));
  }

  private Reason identity(Credential credential) {
    return reasonOf(() -> device(devices, credential));
  }
}
