// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.Refusals;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.CertificateAuthority;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.RequestHead;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.fixtures.TestSecret;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.Revocations;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.IssuedCredential;
import io.wardgate.registry.IssuedKey;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.time.ClockReading;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is given a certificate, and who is not. */
class EstServerTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final Duration VALIDITY = Duration.ofDays(30);

  @TempDir private Path folder;
  private final ObedientClock clock = ObedientClock.at("2026-11-27T12:00:00Z");
  private final AtomicLong nanos = new AtomicLong();
  private final StateKeys keys = StateKeys.generate(clock, RANDOM);
  private final Authority maker = TestPki.authority("Maker", clock);
  private final EmbeddedAuthority operator =
      EmbeddedAuthority.selfSigned("Operator", Duration.ofDays(3650), clock, RANDOM);
  private final List<SecurityEvent> told = new ArrayList<>();
  private final KeyPair pumpKeys = EcKeys.p256(RANDOM);
  private Credential pump;
  private LedgerRegistry ledger;
  private PeerVerifier peers;
  private EstServer est;

  @BeforeEach
  void begin() throws Exception {
    ledger = LedgerRegistry.create(folder, keys, clock, RANDOM);
    serve(operator);
    pump = maker.issueDevice(PUMP.serial());
  }

  private void serve(CertificateAuthority authority) {
    peers =
        new PeerVerifier(
                DeviceTrust.manufacturer("", maker.certificate())
                    .and(DeviceTrust.anchoredAt(operator.certificate()))
                    .and(DeviceTrust.ofPreSharedKeys(EstServerTest::preSharedKey)),
                Revocations.inMemory(),
                ledger,
                () -> ClockReading.synced(clock.instant()))
            .enrolling(ledger::mayAsk);
    est =
        Est.issuedBy(authority)
            .validFor(VALIDITY)
            .serve(ledger, () -> ClockReading.synced(clock.instant()), told::add, nanos::get);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void anExpectedDeviceGetsACertificateForAKeyOfItsOwnAndIsRegisteredWithIt() throws Exception {
    invite();
    X509Certificate given = given(enrol(csr(pumpKeys)));

    assertThat(given.getPublicKey()).isEqualTo(pumpKeys.getPublic());
    assertThat(Duration.between(clock.instant(), given.getNotAfter().toInstant()))
        .isEqualTo(VALIDITY);
    AuthenticatedPeer peer = peers.verify(List.of(given));
    assertThat(peer.device()).isEqualTo(PUMP);
    assertThat(peer.role()).isEqualTo(Role.INFUSION_PUMP);
    assertThat(peer.isToBeEnrolled()).isFalse();
    assertThat(kinds()).containsExactly(SecurityEvent.DEVICE_ENROLLED);
    assertThat(ledger.invitation(PUMP)).as("used up").isEmpty();
    reopen();
    assertThat(peers.verify(List.of(given)).role()).isEqualTo(Role.INFUSION_PUMP);
  }

  @Test
  @Provision("5.1-1")
  void aDeviceThatNobodyExpectsWaitsForAnOperator() throws Exception {
    assertThat(enrol(csr(pumpKeys)).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(enrol(csr(pumpKeys)).maxAge()).hasValue(Duration.ofMinutes(1));
    assertThat(est.waiting())
        .singleElement()
        .satisfies(
            waiting -> {
              assertThat(waiting.device()).isEqualTo(PUMP);
              assertThat(waiting.key()).isEqualTo(fingerprint(pump));
            });
    assertThat(ledger.all()).isEmpty();

    est.approve(PUMP, Role.INFUSION_PUMP, clock.instant().plusSeconds(60));
    assertThat(est.waiting()).isEmpty();
    assertThat(given(enrol(csr(pumpKeys)))).isNotNull();
  }

  @Test
  void whatIsApprovedIsTheKeyThatWaited() throws Exception {
    enrol(csr(pumpKeys));
    est.approve(PUMP, Role.INFUSION_PUMP, clock.instant().plusSeconds(60));
    Credential impostor = maker.issueDevice(PUMP.serial());
    assertThat(post(EstServer.ENROL, peer(impostor), csr(EcKeys.p256(RANDOM))).status())
        .isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(given(enrol(csr(pumpKeys)))).isNotNull();
  }

  @Test
  void aDeniedDeviceIsRefusedUntilItIsInvited() throws Exception {
    enrol(csr(pumpKeys));
    est.deny(PUMP);
    refused(enrol(csr(pumpKeys)), Status.FORBIDDEN, Reason.ENROLMENT_DENIED);
    assertThat(est.waiting()).isEmpty();
    assertThat(Refusals.reasonOf(() -> est.approve(PUMP, Role.ASSET_TAG, Instant.MAX)))
        .isEqualTo(Reason.ENROLMENT_UNKNOWN);
    invite();
    assertThat(given(enrol(csr(pumpKeys)))).isNotNull();
  }

  @Test
  void anInvitationEndsAndIsOfOneKeyIfItSaysSo() throws Exception {
    ledger.invite(
        new Invitation(
            PUMP,
            Role.INFUSION_PUMP,
            Optional.of(fingerprint(maker.issueDevice("pump-1"))),
            clock.instant().plusSeconds(60)));
    assertThat(enrol(csr(pumpKeys)).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    invite();
    clock.advance(Duration.ofHours(1));
    assertThat(enrol(csr(pumpKeys)).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
  }

  /** N01. */
  @Test
  @Provision("5.4-4")
  void n01ARequestInAnotherNameOrInNoneIsRefused() throws Exception {
    invite();
    refused(
        enrol(CertificationRequests.of("pump-2", pumpKeys)),
        Status.FORBIDDEN,
        Reason.CSR_IDENTITY_MISMATCH);
    refused(
        enrol(CertificationRequests.of(new X500Name("CN=pump-1"), pumpKeys)),
        Status.FORBIDDEN,
        Reason.CSR_IDENTITY_MISMATCH);
    assertThat(ledger.all()).isEmpty();
  }

  /** N02, N20. */
  @Test
  void n02ARequestThatIsNotSignedByItsKeyOrIsNoneIsRefused() throws Exception {
    invite();
    byte[] request = csr(pumpKeys);
    byte[] turned = request.clone();
    turned[turned.length - 1] ^= 1;
    refused(enrol(turned), Status.BAD_REQUEST, Reason.CSR_SIGNATURE_INVALID);
    for (int length = 0; length < request.length; length++) {
      refused(enrol(Arrays.copyOf(request, length)), Status.BAD_REQUEST, Reason.CSR_MALFORMED);
    }
  }

  /** N03. */
  @Test
  @Provision("5.4-4")
  void n03AKeyThatWasUsedBeforeIsRefusedAndLooksLikeAClone() throws Exception {
    invite();
    refused(
        enrol(csr(new KeyPair(pump.leaf().getPublicKey(), pump.key()))),
        Status.FORBIDDEN,
        Reason.KEY_ALREADY_ISSUED);
    assertThat(kinds()).containsExactly(SecurityEvent.CLONE_SUSPECTED);
    assertThat(given(enrol(csr(pumpKeys)))).isNotNull();

    DeviceId other = DeviceId.of("pump-2");
    ledger.invite(
        new Invitation(
            other, Role.INFUSION_PUMP, Optional.empty(), clock.instant().plusSeconds(60)));
    refused(
        post(
            EstServer.ENROL,
            peer(maker.issueDevice("pump-2")),
            CertificationRequests.of("pump-2", pumpKeys)),
        Status.FORBIDDEN,
        Reason.KEY_ALREADY_ISSUED);

    invite();
    refused(enrol(csr(pumpKeys)), Status.FORBIDDEN, Reason.KEY_ALREADY_ISSUED);
  }

  /** N06. */
  @Test
  void n06ARequestThatIsRepeatedGetsTheSameCertificateAndIsWrittenDownOnce() throws Exception {
    invite();
    byte[] request = csr(pumpKeys);
    X509Certificate given = given(enrol(request));
    long entries = entries();
    assertThat(given(enrol(request))).isEqualTo(given);
    reopen();
    assertThat(given(enrol(request))).isEqualTo(given);
    assertThat(entries()).isEqualTo(entries);
    assertThat(kinds()).containsExactly(SecurityEvent.DEVICE_ENROLLED);
  }

  /** N07. */
  @Test
  void n07TwoRequestsAtOnceGetOneCertificate() throws Exception {
    invite();
    byte[] request = csr(pumpKeys);
    AuthenticatedPeer one = peer(pump);
    AuthenticatedPeer two = peer(pump);
    List<CompletableFuture<Response>> both =
        Stream.of(one, two)
            .map(peer -> CompletableFuture.supplyAsync(() -> post(EstServer.ENROL, peer, request)))
            .toList();
    assertThat(given(both.get(0).get(10, TimeUnit.SECONDS)))
        .isEqualTo(given(both.get(1).get(10, TimeUnit.SECONDS)));
    assertThat(ledger.find(PUMP).orElseThrow().credentials()).hasSize(1);
  }

  /** N08. */
  @Test
  @Provision("5.4-4")
  void n08ARenewalKeepsTheNamesAndTakesAnOperatorsCertificate() throws Exception {
    AuthenticatedPeer enrolled = enrolled();
    KeyPair next = EcKeys.p256(RANDOM);
    refused(
        post(
            EstServer.RENEW,
            enrolled,
            CertificationRequests.of(new X500Name("SERIALNUMBER=pump-1"), next)),
        Status.FORBIDDEN,
        Reason.CSR_IDENTITY_MISMATCH);
    refused(
        post(EstServer.RENEW, peer(pump), csr(next)),
        Status.FORBIDDEN,
        Reason.ENROLMENT_CREDENTIAL_WRONG);
    refused(
        post(EstServer.ENROL, enrolled, csr(next)),
        Status.FORBIDDEN,
        Reason.ENROLMENT_CREDENTIAL_WRONG);
    X509Certificate renewed = given(post(EstServer.RENEW, enrolled, csr(next)));
    assertThat(kinds()).last().isEqualTo(SecurityEvent.DEVICE_RENEWED);
    assertThat(renewed.getSubjectX500Principal())
        .isEqualTo(enrolled.chain().orElseThrow().leaf().getSubjectX500Principal());
  }

  /** N09. */
  @Test
  @Provision("5.5-5")
  void n09APreSharedKeyEnrolsNobody() throws Exception {
    DeviceId tag = DeviceId.of("tag-1");
    ledger.register(new Registration(tag, Role.ASSET_TAG, clock.instant()));
    for (String path : List.of(EstServer.ENROL, EstServer.RENEW)) {
      refused(
          post(path, peers.verify("tag"), CertificationRequests.of("tag-1", pumpKeys)),
          Status.UNAUTHORIZED,
          Reason.ENROLMENT_CREDENTIAL_WRONG);
    }
  }

  /** N17. */
  @Test
  void n17WhatTheAuthorityGivesIsCheckedBeforeItIsGivenOut() throws Exception {
    List<CertificateAuthority> wrong =
        List.of(
            giving((device, key) -> operator.issueDevice(device, other(), VALIDITY)),
            giving((device, key) -> operator.issueDevice(DeviceId.of("pump-2"), key, VALIDITY)),
            giving((device, key) -> operator.issueDevice(device, key, Duration.ofHours(-1))),
            giving((device, key) -> operator.certificate()),
            giving((device, key) -> authoritys(device, pumpKeys)),
            giving(
                (device, key) -> {
                  throw new WardgateException(Reason.CERTIFICATE_EXPIRED, "the authority ended");
                }));
    for (CertificateAuthority authority : wrong) {
      serve(authority);
      invite();
      refused(enrol(csr(pumpKeys)), Status.SERVICE_UNAVAILABLE, Reason.AUTHORITY_FAILED);
      assertThat(ledger.all()).isEmpty();
      assertThat(ledger.enrolment(PUMP)).isEmpty();
    }
    serve(operator);
    assertThat(given(enrol(csr(pumpKeys)))).isNotNull();
  }

  @Test
  @Provision("5.4-4")
  void whatADeviceHadHoldsUntilItComesWithWhatItGot() throws Exception {
    AuthenticatedPeer before = enrolled();
    KeyPair next = EcKeys.p256(RANDOM);
    X509Certificate renewed = given(post(EstServer.RENEW, before, csr(next)));
    assertThat(peers.stands(before)).isTrue();

    AuthenticatedPeer after = peers.verify(List.of(renewed));
    peers.came(after);
    reopen();
    assertThat(peers.stands(after)).isTrue();
    assertThat(Refusals.reasonOf(() -> peers.stillStands(before)))
        .isEqualTo(Reason.KEY_NOT_REGISTERED);
    assertThat(ledger.find(PUMP).orElseThrow().state()).isEqualTo(DeviceState.ACTIVE);
  }

  @Test
  void whoNeverComesWithWhatItGotKeepsWhatItHas() throws Exception {
    AuthenticatedPeer peer = enrolled();
    peers.came(peer);
    for (int i = 0; i < 3 * Registration.MAX_CREDENTIALS; i++) {
      nanos.addAndGet(Enroller.ONE_MORE_RENEWAL_AFTER.toNanos());
      given(post(EstServer.RENEW, peer, csr(EcKeys.p256(RANDOM))));
      assertThat(peers.stands(peer)).isTrue();
    }
    assertThat(ledger.find(PUMP).orElseThrow().credentials()).hasSize(Registration.MAX_CREDENTIALS);
  }

  @Test
  void renewalsAreFewAtOnce() throws Exception {
    AuthenticatedPeer peer = enrolled();
    for (int i = 0; i < Enroller.RENEWALS_AT_ONCE; i++) {
      given(post(EstServer.RENEW, peer, csr(EcKeys.p256(RANDOM))));
    }
    refused(
        post(EstServer.RENEW, peer, csr(EcKeys.p256(RANDOM))),
        Status.SERVICE_UNAVAILABLE,
        Reason.TOO_MANY_ATTEMPTS);
    nanos.addAndGet(Enroller.ONE_MORE_RENEWAL_AFTER.toNanos());
    given(post(EstServer.RENEW, peer, csr(EcKeys.p256(RANDOM))));
  }

  @Test
  void whatWasAskedForByAnotherKeyOrIsInUseIsNotGivenOnceMore() throws Exception {
    invite();
    byte[] request = csr(pumpKeys);
    AuthenticatedPeer enrolled = peers.verify(List.of(given(enrol(request))));
    refused(post(EstServer.RENEW, enrolled, request), Status.FORBIDDEN, Reason.KEY_ALREADY_ISSUED);
    peers.came(enrolled);
    reopen();
    assertThat(ledger.enrolment(PUMP).orElseThrow().isProved()).isTrue();
    refused(enrol(request), Status.FORBIDDEN, Reason.KEY_ALREADY_ISSUED);
  }

  @Test
  void whoComesWithWhatItHadBeforeHasProvedNothingNew() throws Exception {
    AuthenticatedPeer before = enrolled();
    peers.came(before);
    given(post(EstServer.RENEW, before, csr(EcKeys.p256(RANDOM))));
    reopen();
    long entries = entries();
    peers.came(before);
    reopen();
    assertThat(entries()).isEqualTo(entries);
    assertThat(ledger.enrolment(PUMP).orElseThrow().isProved()).isFalse();
  }

  @Test
  void aDeviceThatIsBoundToNoKeyStaysInWithItsOwnUntilItComesWithTheNext() throws Exception {
    ledger.register(new Registration(PUMP, Role.INFUSION_PUMP, clock.instant()));
    KeyPair own = EcKeys.p256(RANDOM);
    AuthenticatedPeer before =
        peers.verify(List.of(operator.issueDevice(PUMP, own.getPublic(), VALIDITY)));
    X509Certificate renewed = given(post(EstServer.RENEW, before, csr(pumpKeys)));
    assertThat(peers.stands(before)).isTrue();
    peers.came(peers.verify(List.of(renewed)));
    reopen();
    assertThat(peers.stands(before)).isFalse();
  }

  @Test
  void aDeviceOfAnotherNamespaceIsNotCertifiedHere() throws Exception {
    Authority acme = TestPki.authority("Acme", clock);
    PeerVerifier elsewhere =
        new PeerVerifier(
                DeviceTrust.manufacturer("acme", acme.certificate()),
                Revocations.inMemory(),
                ledger,
                () -> ClockReading.synced(clock.instant()))
            .enrolling(ledger::mayAsk);
    AuthenticatedPeer peer = elsewhere.verify(acme.issueDevice("pump-1").chain());
    refused(
        post(EstServer.ENROL, peer, csr(pumpKeys)), Status.FORBIDDEN, Reason.ENROLMENT_NOT_OFFERED);
  }

  @Test
  @Provision("5.4-4")
  void aDeviceOutOfServiceIsNeitherInvitedNorEnrolled() throws Exception {
    enrolled();
    ledger.suspend(PUMP, Cause.STOLEN);
    assertThat(Refusals.reasonOf(this::invite)).isEqualTo(Reason.DEVICE_SUSPENDED);
    assertThat(Refusals.reasonOf(() -> peer(pump))).isEqualTo(Reason.DEVICE_SUSPENDED);
    ledger.resume(PUMP);
    invite();
    AuthenticatedPeer open = peer(pump);
    ledger.revoke(PUMP, Cause.STOLEN);
    refused(
        post(EstServer.ENROL, open, csr(EcKeys.p256(RANDOM))),
        Status.FORBIDDEN,
        Reason.DEVICE_REVOKED);
  }

  @Test
  void whoLetItsCertificateExpireIsEnrolledAgain() throws Exception {
    peers.came(enrolled());
    byte[] request = csr(EcKeys.p256(RANDOM));
    assertThat(enrol(request).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    clock.advance(VALIDITY.plusSeconds(1));
    assertThat(peers.verify(List.of(given(enrol(request)))).role()).isEqualTo(Role.INFUSION_PUMP);
  }

  @Test
  @Provision("5.4-4")
  void anotherManufacturersCertificateOfAKnownNameGetsNoSession() throws Exception {
    Credential other = maker.issueDevice("pump-1");
    AuthenticatedPeer inTime = peer(other);
    enrolled();
    invite();
    assertThat(Refusals.reasonOf(() -> peer(other))).isEqualTo(Reason.KEY_NOT_REGISTERED);
    refused(
        post(EstServer.ENROL, inTime, csr(EcKeys.p256(RANDOM))),
        Status.FORBIDDEN,
        Reason.KEY_NOT_REGISTERED);
    assertThat(kinds()).last().isEqualTo(SecurityEvent.CLONE_SUSPECTED);
    assertThat(peer(pump).isToBeEnrolled()).isTrue();
  }

  @Test
  void aDeviceThatIsKnownOtherwiseIsEnrolledIfItIsExpected() throws Exception {
    ledger.register(new Registration(PUMP, Role.ASSET_TAG, clock.instant()).with(known()));
    assertThat(Refusals.reasonOf(() -> peer(pump))).isEqualTo(Reason.KEY_NOT_REGISTERED);
    invite();
    X509Certificate given = given(enrol(csr(pumpKeys)));
    assertThat(peers.verify(List.of(given)).role()).as("as it was").isEqualTo(Role.ASSET_TAG);
  }

  private static IssuedCredential known() {
    return new IssuedKey(KeyFingerprint.of(other()));
  }

  @Test
  void authoritiesAreToldInEachFormAskedFor() throws Exception {
    AuthenticatedPeer peer = peer(pump);
    Response all = get(EstServer.CERTIFICATES, peer, OptionalInt.empty());
    assertThat(all.contentFormat()).hasValue(EstContent.CERTS_ONLY);
    assertThat(EstContent.certificates(EstContent.CERTS_ONLY, all.payload()))
        .containsExactly(operator.certificate());
    Response one = get(EstServer.CERTIFICATES, peer, OptionalInt.of(EstContent.PKIX_CERT));
    assertThat(one.payload()).isEqualTo(operator.certificate().getEncoded());
    Response parts = get(EstServer.CERTIFICATES, peer, OptionalInt.of(EstContent.MULTIPART));
    assertThat(Arrays.copyOf(parts.payload(), 4))
        .as("an array of a format and bytes")
        .isEqualTo(new byte[] {(byte) 0x82, 0x19, 0x01, 0x1f});
    assertThat(get(EstServer.CERTIFICATES, peer, OptionalInt.of(60)).status())
        .isEqualTo(Status.NOT_ACCEPTABLE);
    assertThat(get(EstServer.ATTRIBUTES, peer, OptionalInt.empty()).contentFormat())
        .hasValue(EstContent.CSR_ATTRIBUTES);
    assertThat(get(EstServer.ENROL, peer, OptionalInt.empty()).status())
        .isEqualTo(Status.METHOD_NOT_ALLOWED);
  }

  private AuthenticatedPeer enrolled() throws Exception {
    invite();
    AuthenticatedPeer peer = peers.verify(List.of(given(enrol(csr(pumpKeys)))));
    told.clear();
    return peer;
  }

  private void invite() throws WardgateException {
    ledger.invite(
        new Invitation(
            PUMP, Role.INFUSION_PUMP, Optional.empty(), clock.instant().plusSeconds(600)));
  }

  private void reopen() throws WardgateException {
    ledger.close();
    ledger = LedgerRegistry.open(folder, keys, clock, RANDOM);
    serve(operator);
  }

  private long entries() throws WardgateException {
    return LedgerRegistry.verify(folder, keys, clock, RANDOM).head();
  }

  private AuthenticatedPeer peer(Credential credential) throws WardgateException {
    return peers.verify(credential.chain());
  }

  private static KeyFingerprint fingerprint(Credential credential) {
    return KeyFingerprint.of(credential.leaf().getPublicKey());
  }

  private static byte[] csr(KeyPair keys) throws Exception {
    return CertificationRequests.of(PUMP.serial(), keys);
  }

  private static Optional<PreSharedKey> preSharedKey(String identity) {
    return identity.equals("tag")
        ? Optional.of(new PreSharedKey(DeviceId.of("tag-1"), "tag", TestSecret.bytes(32)))
        : Optional.empty();
  }

  /** For that key and in that name, and an authority's. */
  private X509Certificate authoritys(DeviceId device, KeyPair keys) {
    return maker
        .device(device.serial())
        .keyPair(keys)
        .constraints(new BasicConstraints(true))
        .issue()
        .leaf();
  }

  private static PublicKey other() {
    return EcKeys.p256(RANDOM).getPublic();
  }

  private Response enrol(byte[] request) throws WardgateException {
    return post(EstServer.ENROL, peer(pump), request);
  }

  private Response post(String path, AuthenticatedPeer peer, byte[] body) {
    return answer(path, peer, Method.POST, body, OptionalInt.empty());
  }

  private Response get(String path, AuthenticatedPeer peer, OptionalInt accept) {
    return answer(path, peer, Method.GET, new byte[0], accept);
  }

  private Response answer(
      String path, AuthenticatedPeer peer, Method method, byte[] body, OptionalInt accept) {
    Resource resource =
        Stream.concat(est.answeringAtOnce().stream(), est.takingTheirTime().stream())
            .filter(it -> it.path().equals(path))
            .findFirst()
            .orElseThrow();
    RequestHead head =
        new RequestHead(
            peer, method, List.of(), List.of(), OptionalInt.empty(), accept, body.length);
    return resource.handler().handle(new Request(head, body)).toCompletableFuture().join();
  }

  private static X509Certificate given(Response response) throws WardgateException {
    assertThat(response.status()).isEqualTo(Status.CHANGED);
    return EstContent.certificates(response.contentFormat().orElseThrow(), response.payload())
        .get(0);
  }

  private void refused(Response response, Status status, Reason reason) {
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.payload()).isEmpty();
    assertThat(told).last().satisfies(event -> assertThat(event.reason()).hasValue(reason));
  }

  private List<String> kinds() {
    return told.stream().map(SecurityEvent::kind).toList();
  }

  @FunctionalInterface
  private interface Issuing {
    X509Certificate issue(DeviceId device, PublicKey key) throws WardgateException;
  }

  private CertificateAuthority giving(Issuing issuing) {
    return new CertificateAuthority() {
      @Override
      public X509Certificate certificate() {
        return operator.certificate();
      }

      @Override
      public X509Certificate issueDevice(DeviceId device, PublicKey key, Duration validity)
          throws WardgateException {
        return issuing.issue(device, key);
      }
    };
  }
}
