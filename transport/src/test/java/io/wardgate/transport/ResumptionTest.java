// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.RequestHead;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.Revocations;
import io.wardgate.identity.SensorCredential;
import io.wardgate.registry.Cause;
import io.wardgate.time.ClockReading;
import io.wardgate.time.ClockState;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.util.Bytes;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.util.ServerNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kept sessions may go on, and which may not. */
class ResumptionTest {

  private static final Set<CipherSuite> SUITES =
      Set.of(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);

  @TempDir Path state;
  private TestGateway ward;
  private DTLSSession session;

  /** A session of a real handshake. */
  @BeforeEach
  void shakeHands() throws Exception {
    ward = new TestGateway(state);
    Credential pump = ward.device("pump-1", TestGateway.PUMP);
    try (SensorTransport.Link link =
        DtlsTransport.to(ward.address())
            .open(
                SensorCredential.certificate(pump.key(), pump.chain(), ward.trust()),
                InstantSource.system())) {
      link.send(Method.POST, "/echo", 0, new byte[] {1})
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    }
    session =
        DTLSSession.fromReader(
            new DatagramReader(
                Arrays.copyOfRange(ward.sessions.last, Long.BYTES, ward.sessions.last.length)));
  }

  @AfterEach
  void stop() {
    ward.close();
  }

  @Test
  void aSessionOfADeviceInServiceMayGoOn() {
    assertThat(standing(SUITES, Duration.ZERO, ward.deviceCa.certificate()))
        .map(AuthenticatedPeer::device)
        .contains(DeviceId.of("pump-1"));
  }

  @Test
  @Provision("5.5-1")
  void aSessionOfASuiteThatIsNotAllowedAnyMoreMayNot() {
    Set<CipherSuite> others = Set.of(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
    assertThat(standing(others, Duration.ZERO, ward.deviceCa.certificate())).isEmpty();
  }

  @Test
  void aSessionThatIsTooOldOrFromTheFutureMayNot() {
    Duration limit = SessionLimits.DEFAULT.age();
    X509Certificate anchor = ward.deviceCa.certificate();
    assertThat(standing(SUITES, limit, anchor)).isPresent();
    assertThat(standing(SUITES, limit.plusMillis(1), anchor)).isEmpty();
    assertThat(standing(SUITES, Duration.ofMillis(-1), anchor)).isEmpty();
  }

  @Test
  void aClockThatIsSetBackByMinutesMakesNoSessionOneFromTheFuture() {
    Instant now = Instant.parse("2026-11-27T12:00:00Z");
    Resumption judge = judge(SUITES, verifier(ClockReading.synced(now)));
    assertThat(judge.ageSince(now.minusSeconds(60))).isEqualTo(Duration.ofMinutes(1));
    assertThat(judge.ageSince(now.plusSeconds(300))).isZero();
    assertThat(judge.ageSince(now.plusSeconds(301))).isNegative();
  }

  @Test
  void aSessionThatIsTooOldByAnyClockIsForgotten() {
    Instant atLeast = Instant.now().plus(SessionLimits.DEFAULT.age()).plusSeconds(1);
    keep();
    assertThat(
            isResumed(judge(SUITES, verifier(new ClockReading(ClockState.LOWER_BOUND, atLeast)))))
        .isFalse();
    assertThat(ward.sessions.find(id())).isEmpty();
  }

  @Test
  void aClockThatFellBehindCostsAWholeHandshakeAndNotTheSession() {
    Instant before = Instant.now().minus(Duration.ofDays(1));
    ClockReading behind = new ClockReading(ClockState.LOWER_BOUND, before);
    keep();
    assertThat(isResumed(judge(SUITES, verifier(behind)))).isFalse();
    assertThat(ward.sessions.find(id())).isPresent();
    assertThat(isResumed(judge(SUITES, verifier(ClockReading.synced(before))))).isFalse();
    assertThat(ward.sessions.find(id())).as("known to be wrong by a clock that is right").isEmpty();
  }

  @Test
  @Provision("5.5-4")
  void aSessionOfARevokedDeviceMayNot() throws Exception {
    ward.registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);
    assertThat(standing(SUITES, Duration.ZERO, ward.deviceCa.certificate())).isEmpty();
  }

  @Test
  void aSessionOfAnAuthorityThatIsNoLongerTrustedMayNot() {
    assertThat(standing(SUITES, Duration.ZERO, TestPki.authority("Device CA").certificate()))
        .isEmpty();
  }

  @Test
  void aSessionWhoseCertificateExpiredMeanwhileMayNot() {
    Instant later = Instant.now().plus(Duration.ofDays(36_500));
    assertThat(judge(SUITES, verifier(ClockReading.synced(later))).standing(session, Duration.ZERO))
        .isEmpty();
  }

  @Test
  void whatMayNotGoOnIsForgotten() throws Exception {
    Resumption judge = judge(SUITES, verifier(ward.deviceCa.certificate()));
    keep();
    assertThat(isResumed(judge)).isTrue();
    ward.registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);
    assertThat(isResumed(judge)).isFalse();
    assertThat(ward.sessions.find(id())).isEmpty();
  }

  @Test
  @Provision("5.8-2")
  void whatIsNotWholeOrOfAnotherIdIsNoSession() {
    Resumption judge = judge(SUITES, verifier(ward.deviceCa.certificate()));
    byte[] whole = ward.sessions.last;
    for (int length = Long.BYTES; length < whole.length; length++) {
      ward.sessions.keep(DeviceId.of("pump-1"), id(), Arrays.copyOf(whole, length), Instant.MAX);
      assertThat(judge.get(new SessionId(id()))).as("%s bytes", length).isNull();
    }
    byte[] other = Bytes.createBytes(new SecureRandom(), 32);
    ward.sessions.keep(DeviceId.of("pump-1"), other, whole, Instant.MAX);
    assertThat(judge.get(new SessionId(other))).isNull();
  }

  @Test
  void theCookieIsNeverSkipped() {
    assertThat(
            judge(SUITES, verifier(ward.deviceCa.certificate()))
                .skipRequestHelloVerify(session.getSessionIdentifier()))
        .isFalse();
  }

  private void keep() {
    ward.sessions.keep(DeviceId.of("pump-1"), id(), ward.sessions.last, Instant.MAX);
  }

  private byte[] id() {
    return session.getSessionIdentifier().getBytes();
  }

  private boolean isResumed(Resumption judge) {
    ConnectionId connection = new ConnectionId(new byte[] {1, 2, 3, 4, 5, 6});
    SessionId id = new SessionId(id());
    return judge.verifyResumptionRequest(connection, ServerNames.newInstance(), id).getDTLSSession()
        != null;
  }

  private Optional<AuthenticatedPeer> standing(
      Set<CipherSuite> suites, Duration age, X509Certificate anchor) {
    return judge(suites, verifier(anchor)).standing(session, age);
  }

  private PeerVerifier verifier(X509Certificate anchor) {
    return new PeerVerifier(
        DeviceTrust.anchoredAt(anchor), ward.registry(), InstantSource.system());
  }

  private PeerVerifier verifier(ClockReading time) {
    return new PeerVerifier(
        DeviceTrust.anchoredAt(ward.deviceCa.certificate()),
        Revocations.inMemory(),
        ward.registry(),
        () -> time);
  }

  private Resumption judge(Set<CipherSuite> suites, PeerVerifier peers) {
    ProtocolThreads threads = new ProtocolThreads("unused");
    threads.shutdownNow();
    PeerGate gate =
        new PeerGate(
            peers,
            new HandshakeWatch(
                new NoIntake(), threads, HandshakePlaces.beside(1), System::nanoTime),
            device -> true,
            new SecureRandom(),
            System::nanoTime);
    return new Resumption(ward.sessions, gate, suites, SessionLimits.DEFAULT, peers::now);
  }

  /** Nobody is served here. */
  private static final class NoIntake implements Intake {

    @Override
    public Optional<Response> refusal(RequestHead head) {
      return Optional.of(Response.of(Status.FORBIDDEN));
    }

    @Override
    public CompletionStage<Response> handle(Request request) {
      return CompletableFuture.completedFuture(Response.of(Status.FORBIDDEN));
    }

    @Override
    public void opened(AuthenticatedPeer peer, InetSocketAddress source) {}

    @Override
    public void refused(InetSocketAddress source, Reason reason) {}

    @Override
    public void refused(AuthenticatedPeer peer, InetSocketAddress source, Reason reason) {}
  }
}
