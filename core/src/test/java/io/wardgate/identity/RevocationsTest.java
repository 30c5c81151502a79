// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.RevocationListDraft;
import io.wardgate.fixtures.TestPki;
import io.wardgate.registry.CertificateSerial;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.time.ClockReading;
import io.wardgate.time.ClockState;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.junit.jupiter.api.Test;

/** Which revocation lists are believed, and what they do to a chain. */
class RevocationsTest {

  private static final ASN1ObjectIdentifier UNKNOWN =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.7");

  private final ObedientClock clock = ObedientClock.at("2026-11-26T12:00:00Z");
  private final Instant now = clock.instant();
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final Credential pump = devices.issueDevice("pump-1");
  private final Revocations revocations = Revocations.inMemory();
  private RevocationPolicy policy = RevocationPolicy.DEFAULT;

  @Test
  void aChainIsGoodWhileNobodySaysOtherwise() throws Exception {
    assertThat(verify(pump).listOverdue()).isFalse();
    accept(devices.revocationList());
    assertThat(verify(pump).listOverdue()).isFalse();
  }

  @Test
  @Provision("5.1-3")
  void refusesACertificateItsAuthorityRevoked() throws Exception {
    accept(devices.revocationList().revoking(pump.leaf()));
    assertThat(refusal(pump)).isEqualTo(Reason.CERTIFICATE_REVOKED);
    assertThat(verify(devices.issueDevice("pump-2"))).isNotNull();
  }

  @Test
  void refusesEverythingBelowARevokedAuthority() throws Exception {
    Authority line = devices.issueIntermediate("Line");
    accept(devices.revocationList().revoking(line.certificate()));
    assertThat(refusal(line.issueDevice("pump-1"))).isEqualTo(Reason.CERTIFICATE_REVOKED);
  }

  @Test
  void anotherAuthoritysNumbersAreItsOwn() throws Exception {
    Authority other = TestPki.authority("Other CA", clock);
    revocations.accept(
        other.revocationList().revoking(pump.leaf()).sign(), List.of(other.certificate()));
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  void anotherAuthorityWithTheSameKeyIsAnother() throws Exception {
    Authority other =
        devices
            .intermediate("Other CA")
            .keyPair(new KeyPair(devices.certificate().getPublicKey(), devices.key()))
            .issueAuthority();
    revocations.accept(
        other.revocationList().revoking(pump.leaf()).sign(), List.of(other.certificate()));
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  void aNamesakesListSaysNothingOfOurs() throws Exception {
    Authority namesake = TestPki.authority("Device CA", clock);
    byte[] list = namesake.revocationList().revoking(pump.leaf()).sign();
    assertThat(reasonOf(() -> revocations.accept(list, List.of(devices.certificate()))))
        .isEqualTo(Reason.CRL_UNUSABLE);
    revocations.accept(list, List.of(namesake.certificate()));
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  void refusesAListItsAuthorityDidNotSign() {
    Authority forger = TestPki.authority("Forger", clock);
    assertThat(unusable(devices.revocationList().signedWith(forger.key())))
        .isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(unusable(devices.revocationList().signatureAlgorithm("SHA1withECDSA")))
        .isEqualTo(Reason.CRL_UNUSABLE);
  }

  @Test
  void refusesAListOfWhoMayNotSignLists() {
    Authority line = devices.intermediate("Line").keyUsage(KeyUsage.keyCertSign).issueAuthority();
    byte[] list = line.revocationList().sign();
    assertThat(reasonOf(() -> revocations.accept(list, List.of(line.certificate()))))
        .isEqualTo(Reason.CRL_UNUSABLE);
    Authority device = devices.device("pump-1").issueAuthority();
    byte[] listOfADevice = device.revocationList().sign();
    assertThat(reasonOf(() -> revocations.accept(listOfADevice, List.of(device.certificate()))))
        .isEqualTo(Reason.CRL_UNUSABLE);
  }

  @Test
  void refusesAnOlderList() throws Exception {
    accept(devices.revocationList().number(7).revoking(pump.leaf()));
    assertThat(unusable(devices.revocationList().number(6))).isEqualTo(Reason.CRL_OLDER);
    assertThat(unusable(devices.revocationList().number(7))).isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(refusal(pump)).isEqualTo(Reason.CERTIFICATE_REVOKED);
    accept(devices.revocationList().number(8));
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  void takesTheSameListTwice() throws Exception {
    byte[] list = devices.revocationList().number(7).sign();
    revocations.accept(list, List.of(devices.certificate()));
    revocations.accept(list, List.of(devices.certificate()));
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  void refusesAListWithoutNumberEndOrKey() {
    assertThat(unusable(devices.revocationList().noNumber())).isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(unusable(devices.revocationList().withoutEnd())).isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(unusable(devices.revocationList().noKeyIdentifier())).isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(unusable(devices.revocationList().number(BigInteger.ONE.shiftLeft(160))))
        .isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(unusable(devices.revocationList().number(-1))).isEqualTo(Reason.CRL_UNUSABLE);
  }

  @Test
  void refusesAListThatIsNotWhole() {
    assertThat(
            unusable(
                devices
                    .revocationList()
                    .extension(Extension.deltaCRLIndicator, true, new ASN1Integer(1))))
        .isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(unusable(scoped(false, false, new ReasonFlags(ReasonFlags.keyCompromise), false)))
        .isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(unusable(scoped(false, false, null, true))).isEqualTo(Reason.CRL_UNUSABLE);
  }

  @Test
  void refusesWhatIsCriticalAndNotKnown() {
    assertThat(unusable(devices.revocationList().extension(UNKNOWN, true, DERNull.INSTANCE)))
        .isEqualTo(Reason.CRL_UNUSABLE);
    assertThat(
            unusable(
                devices
                    .revocationList()
                    .revoking(BigInteger.TEN)
                    .entryExtension(
                        Extension.certificateIssuer,
                        true,
                        new GeneralNames(new GeneralName(new X500Name("CN=Other"))))))
        .isEqualTo(Reason.CRL_UNUSABLE);
  }

  @Test
  void aListAboutAuthoritiesSaysNothingOfDevices() throws Exception {
    policy = new RevocationPolicy(true, Duration.ZERO);
    revocations.accept(scoped(false, true, null, false).sign(), List.of(devices.certificate()));
    assertThat(reasonOf(() -> verify(pump))).isEqualTo(Reason.REVOCATION_UNKNOWN);
    revocations.accept(scoped(true, false, null, false).number(2).sign(), authorities());
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  @Provision("5.1-3")
  void aListOfAnotherScopeReplacesNone() throws Exception {
    accept(scoped(true, false, null, false).number(1).revoking(pump.leaf()));
    accept(scoped(false, true, null, false).number(2));
    accept(devices.revocationList().number(3));
    accept(pointed("http://crl/2").number(4));
    assertThat(refusal(pump)).isEqualTo(Reason.CERTIFICATE_REVOKED);
    assertThat(unusable(scoped(true, false, null, false).number(0))).isEqualTo(Reason.CRL_OLDER);
    accept(scoped(true, false, null, false).number(2));
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  void aListOfADistributionPointIsAboutTheCertificatesThatNameIt() throws Exception {
    policy = new RevocationPolicy(true, Duration.ZERO);
    accept(pointed("http://crl/2"));
    Credential other = pointing("tag-1", "http://crl/1");
    Credential ours = pointing("tag-2", "http://crl/2");
    assertThat(refusal(pump)).isEqualTo(Reason.REVOCATION_UNKNOWN);
    assertThat(refusal(other)).isEqualTo(Reason.REVOCATION_UNKNOWN);
    assertThat(verify(ours)).isNotNull();
    accept(pointed("http://crl/1").revoking(ours.leaf()));
    assertThat(verify(other)).isNotNull();
    assertThat(refusal(ours)).isEqualTo(Reason.CERTIFICATE_REVOKED);
  }

  @Test
  void refusesACertificateWhosePointsDoNotParse() {
    Credential bad =
        devices
            .device("tag-1")
            .extension(Extension.cRLDistributionPoints, false, DERNull.INSTANCE)
            .issue();
    assertThat(refusal(bad)).isEqualTo(Reason.CERTIFICATE_MALFORMED);
  }

  @Test
  void oneCurrentListOutOfSeveralIsEnough() throws Exception {
    accept(devices.revocationList().until(now.minusSeconds(1)));
    assertThat(refusal(pump)).isEqualTo(Reason.REVOCATION_UNKNOWN);
    accept(scoped(true, false, null, false).number(1));
    assertThat(verify(pump).listOverdue()).isFalse();
  }

  @Test
  @Provision("5.1-3")
  void anAuthorityIsOneHoweverItsNameIsEncoded() throws Exception {
    X500Name printable =
        new X500Name(
            new RDN[] {
              new RDN(new AttributeTypeAndValue(BCStyle.CN, new DERPrintableString("Device CA")))
            });
    Credential spelled = devices.device("tag-1").issuerName(printable).issue();
    assertThat(spelled.leaf().getIssuerX500Principal().getEncoded())
        .isNotEqualTo(devices.certificate().getSubjectX500Principal().getEncoded());
    assertThat(verify(spelled)).isNotNull();
    accept(devices.revocationList().revoking(spelled.leaf()));
    assertThat(refusal(spelled)).isEqualTo(Reason.CERTIFICATE_REVOKED);
    accept(devices.revocationList().number(2));
    assertThat(verify(spelled)).isNotNull();
    revocations.deny(CertificateSerial.of(devices.certificate(), spelled.leaf().getSerialNumber()));
    assertThat(refusal(spelled)).isEqualTo(Reason.CERTIFICATE_REVOKED);
  }

  @Test
  @Provision("5.1-3")
  void whatARenewedAuthoritySaysRevokesWhatItIssuedBeforeAndVouchesForNothing() throws Exception {
    Authority renewed = TestPki.authority("Device CA", clock);
    revocations.accept(
        renewed.revocationList().revoking(pump.leaf()).sign(), List.of(renewed.certificate()));
    Credential other = devices.issueDevice("tag-1");
    assertThat(reasonOf(() -> verifyBoth("", renewed, pump))).isEqualTo(Reason.CERTIFICATE_REVOKED);
    assertThat(verifyBoth("", renewed, other)).isNotNull();
    assertThat(verifyBoth("other", renewed, pump)).isNotNull();
    policy = new RevocationPolicy(true, Duration.ZERO);
    assertThat(reasonOf(() -> verifyBoth("", renewed, other))).isEqualTo(Reason.REVOCATION_UNKNOWN);
  }

  @Test
  void whereAListIsRequiredItsAbsenceRefuses() throws Exception {
    policy = new RevocationPolicy(true, Duration.ZERO);
    assertThat(reasonOf(() -> verify(pump))).isEqualTo(Reason.REVOCATION_UNKNOWN);
    revocations.accept(devices.revocationList().sign(), authorities());
    assertThat(verify(pump)).isNotNull();
  }

  @Test
  void anOverdueListRefuses() throws Exception {
    accept(devices.revocationList().until(now.minusSeconds(1)));
    assertThat(refusal(pump)).isEqualTo(Reason.REVOCATION_UNKNOWN);
  }

  @Test
  void anOverdueListWithinItsGraceIsToldAndLetsIn() throws Exception {
    Duration grace = Duration.ofHours(1);
    policy = new RevocationPolicy(false, grace);
    revocations.accept(devices.revocationList().until(now.minus(grace)).sign(), authorities());
    assertThat(verify(pump).listOverdue()).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(reasonOf(() -> verify(pump))).isEqualTo(Reason.REVOCATION_UNKNOWN);
  }

  @Test
  void whatAnOverdueListRevokesStaysRevoked() throws Exception {
    accept(devices.revocationList().until(now.minusSeconds(1)).revoking(pump.leaf()));
    assertThat(refusal(pump)).isEqualTo(Reason.CERTIFICATE_REVOKED);
  }

  @Test
  void aListFromTheFutureRefuses() throws Exception {
    accept(devices.revocationList().from(now.plusSeconds(1)));
    assertThat(refusal(pump)).isEqualTo(Reason.REVOCATION_UNKNOWN);
    ClockReading bound = new ClockReading(ClockState.LOWER_BOUND, now);
    assertThat(verifier(revocations).verify(pump.chain(), bound)).isNotNull();
  }

  @Test
  void refusesWhatIsDeniedHere() throws Exception {
    Credential tag = devices.issueDevice("tag-1");
    revocations.deny(CertificateSerial.of(pump.leaf()));
    revocations.deny(KeyFingerprint.of(tag.leaf().getPublicKey()));
    assertThat(refusal(pump)).isEqualTo(Reason.CERTIFICATE_REVOKED);
    assertThat(refusal(tag)).isEqualTo(Reason.CERTIFICATE_REVOKED);
    revocations.deny(KeyFingerprint.of(devices.certificate().getPublicKey()));
    assertThat(refusal(devices.issueDevice("pump-9"))).isEqualTo(Reason.CERTIFICATE_REVOKED);
  }

  @Test
  void refusesEveryTruncationAndMutationOfAList() {
    byte[] list = devices.revocationList().revoking(pump.leaf()).sign();
    for (int length = 0; length < list.length; length++) {
      byte[] cut = Arrays.copyOf(list, length);
      assertThat(reasonOf(() -> revocations.accept(cut, authorities())))
          .as("%d bytes", length)
          .isEqualTo(Reason.CRL_UNUSABLE);
    }
    for (int i = 0; i < list.length; i++) {
      byte[] mutant = list.clone();
      mutant[i] ^= 1;
      assertThat(reasonOf(() -> revocations.accept(mutant, authorities())))
          .as("byte %d", i)
          .isEqualTo(Reason.CRL_UNUSABLE);
    }
  }

  @Test
  void aGraceHasAnEnd() {
    assertThatThrownBy(() -> new RevocationPolicy(false, Duration.ofDays(8)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RevocationPolicy(false, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private RevocationListDraft scoped(
      boolean users, boolean authorities, ReasonFlags reasons, boolean indirect) {
    return devices
        .revocationList()
        .extension(
            Extension.issuingDistributionPoint,
            true,
            new IssuingDistributionPoint(null, users, authorities, reasons, indirect, false));
  }

  private RevocationListDraft pointed(String uri) {
    return devices
        .revocationList()
        .extension(
            Extension.issuingDistributionPoint,
            true,
            new IssuingDistributionPoint(point(uri), false, false));
  }

  private Credential pointing(String serial, String uri) {
    return devices
        .device(serial)
        .extension(
            Extension.cRLDistributionPoints,
            false,
            new CRLDistPoint(
                new DistributionPoint[] {new DistributionPoint(point(uri), null, null)}))
        .issue();
  }

  private static DistributionPointName point(String uri) {
    return new DistributionPointName(
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
  }

  private VerifiedChain verifyBoth(String namespace, Authority renewed, Credential credential)
      throws Exception {
    return new ChainVerifier(
            List.of(
                new TrustAnchor(AnchorPurpose.OPERATOR, "", devices.certificate()),
                new TrustAnchor(AnchorPurpose.OPERATOR, namespace, renewed.certificate())),
            List.of(),
            revocations,
            policy)
        .verify(credential.chain(), ClockReading.synced(clock.instant()));
  }

  private List<X509Certificate> authorities() {
    return List.of(devices.certificate());
  }

  private void accept(RevocationListDraft draft) throws Exception {
    revocations.accept(draft.sign(), authorities());
  }

  private Reason unusable(RevocationListDraft draft) {
    return reasonOf(() -> accept(draft));
  }

  private Reason refusal(Credential credential) {
    return reasonOf(() -> verify(credential));
  }

  private VerifiedChain verify(Credential credential) throws Exception {
    return verify(credential, revocations);
  }

  private VerifiedChain verify(Credential credential, Revocations known) throws Exception {
    return verifier(known).verify(credential.chain(), ClockReading.synced(clock.instant()));
  }

  private ChainVerifier verifier(Revocations known) {
    return new ChainVerifier(
        List.of(new TrustAnchor(AnchorPurpose.OPERATOR, "", devices.certificate())),
        List.of(),
        known,
        policy);
  }
}
