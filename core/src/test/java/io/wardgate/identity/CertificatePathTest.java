// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.CertificateDraft;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Role;
import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** Each way in which a device's certificate chain can be wrong, by the reason it is refused for. */
class CertificatePathTest {

  private static final String NOON = "2026-11-23T12:00:00Z";
  private static final ASN1ObjectIdentifier UNKNOWN =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.7");

  private final ObedientClock clock = ObedientClock.at(NOON);
  private final Instant now = clock.instant();
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final PeerVerifier verifier = trusting(devices);

  @Test
  void admitsP256AndP384() throws Exception {
    assertThat(verifier.verify(devices.issueDevice("pump-1").chain()).device())
        .isEqualTo(DeviceId.of("pump-1"));
    assertThat(verifier.verify(draft().curve("secp384r1").issue().chain()).device())
        .isEqualTo(DeviceId.of("pump-1"));
  }

  @Test
  void admitsAChainWithAndWithoutItsAnchor() throws Exception {
    Authority line = devices.issueIntermediate("Line 1");
    List<X509Certificate> chain = new ArrayList<>(line.issueDevice("pump-1").chain());
    assertThat(chain).hasSize(2);
    assertThat(verifier.verify(chain).device()).isEqualTo(DeviceId.of("pump-1"));
    chain.add(devices.certificate());
    assertThat(verifier.verify(chain).device()).isEqualTo(DeviceId.of("pump-1"));
  }

  @Test
  void refusesAnEmptyChain() {
    assertThat(refusal(List.of())).isEqualTo(Reason.NO_CREDENTIAL);
  }

  @Test
  @Provision("5.5-4")
  void refusesAnotherAuthority() {
    Authority other = TestPki.authority("Other CA", clock);
    assertThat(refusal(other.issueDevice("pump-1"))).isEqualTo(Reason.UNKNOWN_AUTHORITY);
  }

  @Test
  @Provision("5.1-3")
  void refusesAnAuthorityThatOnlyHasTheName() {
    Authority namesake = TestPki.authority("Device CA", clock);
    Credential clone = namesake.issueDevice("pump-1");
    assertThat(refusal(clone)).isEqualTo(Reason.UNKNOWN_AUTHORITY);
    List<X509Certificate> withItsRoot = new ArrayList<>(clone.chain());
    withItsRoot.add(namesake.certificate());
    assertThat(refusal(withItsRoot)).isEqualTo(Reason.UNKNOWN_AUTHORITY);
  }

  @Test
  void refusesAStrangersLeafBelowTheAnchorsOwnCertificate() {
    Authority namesake = TestPki.authority("Device CA", clock);
    List<X509Certificate> chain = new ArrayList<>(namesake.issueDevice("pump-1").chain());
    chain.add(devices.certificate());
    assertThat(refusal(chain)).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesASelfSignedDevice() {
    Credential lone = root("device").issue();
    assertThat(refusal(lone)).isEqualTo(Reason.UNKNOWN_AUTHORITY);
  }

  @Test
  void refusesAnExpiredCertificate() {
    Credential old = draft().validTo(now.minusSeconds(1)).issue();
    assertThat(refusal(old)).isEqualTo(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void aCertificateIsGoodToItsLastSecond() throws Exception {
    Credential last = draft().validTo(now).issue();
    assertThat(verifier.verify(last.chain()).device()).isEqualTo(DeviceId.of("pump-1"));
    clock.advance(Duration.ofNanos(1));
    assertThat(refusal(last)).isEqualTo(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void refusesACertificateThatIsNotYetValid() {
    Credential early = draft().validFrom(now.plusSeconds(1)).issue();
    assertThat(refusal(early)).isEqualTo(Reason.CERTIFICATE_NOT_YET_VALID);
  }

  @Test
  void refusesEverythingBelowAnExpiredAnchor() {
    Authority old =
        root("Old CA")
            .validFrom(now.minusSeconds(99))
            .validTo(now.minusSeconds(1))
            .issueAuthority();
    Credential young = old.device("pump-1").validTo(now.plusSeconds(99)).issue();
    assertThat(reasonOf(() -> trusting(old).verify(young.chain())))
        .isEqualTo(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void refusesEverythingBelowAnExpiredIntermediate() {
    Authority line = devices.intermediate("Line").validTo(now.minusSeconds(1)).issueAuthority();
    assertThat(refusal(line.issueDevice("pump-1"))).isEqualTo(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void aStrangerLearnsNothingOfDates() {
    Authority other = TestPki.authority("Other CA", clock);
    Credential old = other.device("pump-1").validTo(now.minusSeconds(1)).issue();
    assertThat(refusal(old)).isEqualTo(Reason.UNKNOWN_AUTHORITY);
  }

  @Test
  void refusesACertificateForServers() {
    assertThat(refusal(draft().purposes(KeyPurposeId.id_kp_serverAuth)))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void refusesACertificateForNothingOrForAnything() {
    assertThat(refusal(draft().purposes())).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    assertThat(refusal(draft().purposes(KeyPurposeId.anyExtendedKeyUsage)))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void admitsACriticalExtendedKeyUsage() throws Exception {
    Credential strict =
        draft()
            .purposes()
            .extension(
                Extension.extendedKeyUsage,
                true,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
            .issue();
    assertThat(verifier.verify(strict.chain()).device()).isEqualTo(DeviceId.of("pump-1"));
  }

  @Test
  void refusesAKeyUsageWithoutSignatures() {
    assertThat(refusal(draft().keyUsage(0))).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    assertThat(refusal(draft().keyUsage(KeyUsage.keyAgreement)))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void refusesAnAuthorityAsADevice() {
    CertificateDraft authority =
        draft()
            .constraints(new BasicConstraints(true))
            .keyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign);
    assertThat(refusal(authority)).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void refusesTheAnchorItselfAsADevice() {
    assertThat(refusal(List.of(devices.certificate()))).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    assertThat(refusal(List.of(devices.certificate(), devices.certificate())))
        .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void refusesAnRsaKey() {
    assertThat(refusal(draft().rsa(2048))).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
  }

  @Test
  void refusesEveryOtherCurveAlsoOfAGoodSize() throws Exception {
    assertThat(refusal(draft().curve("secp521r1"))).isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    for (String curve : List.of("secp224r1", "secp256k1", "brainpoolP256r1", "brainpoolP384r1")) {
      assertThat(refusal(draft().keyPair(bouncyCastleKey(curve))))
          .as(curve)
          .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
    }
  }

  @Test
  void refusesOtherCurvesAlsoWhenAnotherProviderReadTheCertificate() throws Exception {
    X509Certificate read =
        (X509Certificate)
            CertificateFactory.getInstance("X.509", new BouncyCastleProvider())
                .generateCertificate(
                    new ByteArrayInputStream(
                        draft().keyPair(bouncyCastleKey("secp256k1")).issue().leaf().getEncoded()));
    assertThat(refusal(List.of(read)))
        .isIn(Reason.CERTIFICATE_WRONG_PURPOSE, Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  @Provision("5.1-3")
  void refusesASignatureOverSha1() {
    assertThat(refusal(draft().signatureAlgorithm("SHA1withECDSA")))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesASignatureByRsa() {
    Authority rsa = root("RSA CA").rsa(2048).issueAuthority();
    assertThat(reasonOf(() -> trusting(rsa).verify(rsa.issueDevice("pump-1").chain())))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesMoreThanFourCertificates() {
    Authority deep = TestPki.authority("Deep CA", clock);
    Authority above = deep;
    for (int level = 0; level < 4; level++) {
      above = above.intermediate("Level " + level).pathLength(9).issueAuthority();
    }
    Credential leaf = above.issueDevice("pump-1");
    assertThat(leaf.chain()).hasSize(5);
    assertThat(reasonOf(() -> trusting(deep).verify(leaf.chain())))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void admitsFourCertificates() throws Exception {
    Authority above = devices;
    for (int level = 0; level < 3; level++) {
      above = above.intermediate("Level " + level).pathLength(9).issueAuthority();
    }
    Credential leaf = above.issueDevice("pump-1");
    assertThat(leaf.chain()).hasSize(4);
    assertThat(verifier.verify(leaf.chain()).device()).isEqualTo(DeviceId.of("pump-1"));
  }

  @Test
  void refusesACertificateAboveFourKibibytes() {
    CertificateDraft fat = draft().extension(UNKNOWN, false, new DEROctetString(new byte[4096]));
    assertThat(refusal(fat)).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
    CertificateDraft stout = draft().extension(UNKNOWN, false, new DEROctetString(new byte[3000]));
    assertThat(reasonOrNull(stout.issue().chain())).isNull();
  }

  @Test
  void refusesAForgedSignatureInTheMiddle() {
    Authority forger = TestPki.authority("Line", clock);
    Authority line = devices.issueIntermediate("Line");
    Credential forged = line.device("pump-1").signedWith(forger.key()).issue();
    assertThat(refusal(forged)).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesADeviceAsAnAuthority() {
    Authority pump = devices.device("pump-1").issueAuthority();
    assertThat(refusal(pump.issueDevice("pump-2"))).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesAnAuthorityWhoseKeyMayNotCertify() {
    Authority line =
        devices.intermediate("Line").keyUsage(KeyUsage.digitalSignature).issueAuthority();
    assertThat(refusal(line.issueDevice("pump-1"))).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesMoreAuthoritiesThanThePathLengthAllows() {
    Authority leavesOnly = devices.intermediate("Line").pathLength(0).issueAuthority();
    Authority below = leavesOnly.intermediate("Below").issueAuthority();
    assertThat(refusal(below.issueDevice("pump-1"))).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesACriticalExtensionItDoesNotKnow() {
    CertificateDraft strange = draft().extension(UNKNOWN, true, new DEROctetString(new byte[1]));
    assertThat(refusal(strange)).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesACertificateTwice() {
    Credential pump = devices.issueDevice("pump-1");
    assertThat(refusal(List.of(pump.leaf(), pump.leaf())))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
    Credential below = devices.issueIntermediate("Line").issueDevice("pump-1");
    assertThat(refusal(List.of(below.chain().get(0), below.chain().get(1), below.chain().get(1))))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void refusesAChainInTheWrongOrder() {
    List<X509Certificate> reversed =
        new ArrayList<>(devices.issueIntermediate("Line").issueDevice("pump-1").chain());
    Collections.reverse(reversed);
    assertThat(refusal(reversed)).isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
    reversed.add(0, reversed.get(1));
    assertThat(reasonOrNull(reversed)).isNotNull();
  }

  @Test
  void searchesNoPathInWhatAPeerSends() {
    Credential pump = devices.issueDevice("pump-1");
    Credential tag = devices.issueDevice("tag-1");
    assertThat(refusal(List.of(tag.leaf(), pump.leaf())))
        .isEqualTo(Reason.CERTIFICATE_CHAIN_INVALID);
  }

  @Test
  void noMutationOfACertificateIsAnotherDevice() throws Exception {
    byte[] whole = devices.issueDevice("pump-1").leaf().getEncoded();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Random random = new Random(20261123);
    int judged = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] mutant = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      X509Certificate certificate;
      try {
        certificate =
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(mutant));
      } catch (CertificateException doesNotParse) {
        continue;
      }
      judged++;
      try {
        assertThat(verifier.verify(List.of(certificate)).device())
            .as("mutation %d", i)
            .isEqualTo(DeviceId.of("pump-1"));
        assertThat(certificate.getTBSCertificate()).isEqualTo(tbs(whole));
      } catch (WardgateException refused) {
        assertThat(refused.reason()).isNotNull();
      }
    }
    assertThat(judged).isGreaterThan(200);
  }

  private CertificateDraft root(String name) {
    return TestPki.root(name, clock, new SecureRandom());
  }

  private CertificateDraft draft() {
    return devices.device("pump-1");
  }

  private PeerVerifier trusting(Authority authority) {
    MapRegistry everybody =
        new MapRegistry()
            .with("pump-1", Role.INFUSION_PUMP)
            .with("pump-2", Role.INFUSION_PUMP)
            .with("tag-1", Role.ASSET_TAG);
    return new PeerVerifier(DeviceTrust.anchoredAt(authority.certificate()), everybody, clock);
  }

  private Reason refusal(CertificateDraft draft) {
    return refusal(draft.issue());
  }

  private Reason refusal(Credential credential) {
    return refusal(credential.chain());
  }

  private Reason refusal(List<X509Certificate> chain) {
    return reasonOf(() -> verifier.verify(chain));
  }

  private Reason reasonOrNull(List<X509Certificate> chain) {
    try {
      assertThat(verifier.verify(chain)).isNotNull();
      return null;
    } catch (WardgateException e) {
      return e.reason();
    }
  }

  private static byte[] tbs(byte[] certificate) throws CertificateException {
    return ((X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate)))
        .getTBSCertificate();
  }

  private static KeyPair bouncyCastleKey(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }
}
