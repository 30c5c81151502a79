// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Provision;
import io.wardgate.gateway.GatewayMetrics;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.SensorCredential;
import io.wardgate.registry.Cause;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart costs no device a whole handshake, and lets in nobody who must stay out. */
class RestartTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private static final SessionLimits SHORT =
      new SessionLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), 16);

  @TempDir Path state;
  private TestGateway ward;

  @BeforeEach
  void start() throws WardgateException {
    ward = new TestGateway(state);
  }

  @AfterEach
  void stop() {
    ward.close();
  }

  @Test
  @Provision("5.9-3")
  void afterAnOrderlyStopASensorGoesOnAsIfNothingHadHappened() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);

      ward.restart();

      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(ward.received).hasSize(2);
      assertThat(metrics().sessionsRestored()).isEqualTo(1);
      assertThat(metrics().peersAdmitted()).as("handshakes").isZero();
      assertThat(metrics().sessions()).isEqualTo(1);
    }
  }

  @Test
  @Provision("5.9-3")
  void afterACrashASensorComesBackWithoutAWholeHandshake() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);

      ward.crash();

      assertThat(metrics().sessionsRestored()).isZero();
      pump.startOver();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().sessionsResumed()).isEqualTo(1);
      assertThat(metrics().peersAdmitted()).isEqualTo(1);
    }
  }

  @Test
  void aSensorWithAPreSharedKeyGoesOnAsWell() throws Exception {
    ward.register("pump-1", TestGateway.PUMP);
    PreSharedKey key = PreSharedKey.generate(DeviceId.of("pump-1"), new SecureRandom());
    ward.keys.put(key.identity(), key);
    try (SensorTransport.Link pump = link(SensorCredential.preShared(key), ward.address())) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      ward.restart();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().peersAdmitted()).isZero();
      ward.crash();
      pump.startOver();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().sessionsResumed()).isEqualTo(1);
    }
  }

  @Test
  @Provision("5.5-4")
  void whoWasRevokedMeanwhileComesBackNeitherWay() throws Exception {
    for (String name : List.of("pump-1", "pump-2")) {
      try (SensorTransport.Link pump = link(ward.device(name, TestGateway.PUMP))) {
        assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
        // Not through the gateway, which would end the session: as by an operator at a stopped one.
        ward.registry().revoke(DeviceId.of(name), Cause.STOLEN);
        if (name.equals("pump-1")) {
          ward.restart();
        } else {
          ward.crash();
        }
        assertThat(metrics().sessionsRestored()).isZero();
        pump.startOver();
        assertThat(refusal(pump, "/echo")).isEqualTo(Reason.HANDSHAKE_FAILED);
        ward.refused(Reason.DEVICE_REVOKED);
        assertThat(metrics().sessionsResumed()).isZero();
        assertThat(metrics().sessions()).isZero();
      }
    }
    assertThat(ward.received).hasSize(2);
  }

  @Test
  @Provision("5.5-4")
  void revocationEndsWhatWouldBeResumedToo() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      ward.gateway().registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);
      await().until(() -> metrics().sessions() == 0);
      pump.startOver();
      assertThat(refusal(pump, "/echo")).isEqualTo(Reason.HANDSHAKE_FAILED);
      ward.refused(Reason.DEVICE_REVOKED);
      assertThat(metrics().sessionsResumed()).isZero();
    }
  }

  @Test
  void theRecordsOfAKeyAreCountedOnOverARestart() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      for (int i = 0; i < 10; i++) {
        assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      }
      ward.restart(transport -> transport.sessionLimits(SHORT));
      assertThat(metrics().sessionsRestored()).isEqualTo(1);
      assertThat(post(pump, "/echo")).isEqualTo(Status.UNAUTHORIZED);
      ward.refused(Reason.SESSION_RECORDS_SPENT);
    }
  }

  @Test
  @Provision("5.5-1")
  void whatWasRecordedBeforeIsRefusedAfterwards() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    try (MovingProxy network = new MovingProxy(ward.address());
        SensorTransport.Link pump = link(credential, network.address())) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      List<byte[]> before = network.sent();

      ward.restart();
      for (byte[] datagram : before) {
        network.replay(datagram);
      }
      assertThat(post(pump, "/echo")).as("the counters go on").isEqualTo(Status.CHANGED);
      assertThat(ward.received).hasSize(2);

      before = network.sent();
      ward.crash();
      for (byte[] datagram : before) {
        network.replay(datagram);
      }
      pump.startOver();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(ward.received).hasSize(3);
    }
  }

  @Test
  @Provision("5.9-3")
  void aSensorWithANewAddressGoesOnByItsConnectionId() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    try (MovingProxy network = new MovingProxy(ward.address());
        SensorTransport.Link pump = link(credential, network.address())) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      network.move();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().peersAdmitted()).isEqualTo(1);

      ward.restart();
      network.move();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().peersAdmitted()).isZero();
    }
  }

  @Test
  @Provision("5.9-3")
  void aSensorAsleepForDaysGoesOnButNotForEver() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      ward.sessions.away = Duration.ofDays(6);
      ward.restart();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().peersAdmitted()).isZero();

      ward.sessions.away = Duration.ofDays(8);
      ward.restart();
      assertThat(post(pump, "/echo")).isEqualTo(Status.UNAUTHORIZED);
      ward.refused(Reason.SESSION_IDLE_TOO_LONG);
    }
  }

  @Test
  void aSensorThatCameBackOftenIsResumedStill() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      for (int i = 1; i <= 2 * Sessions.MAX_PER_DEVICE; i++) {
        pump.startOver();
        assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
        assertThat(metrics().sessionsResumed()).isEqualTo(i);
      }
      await().until(() -> metrics().sessions() <= Sessions.MAX_PER_DEVICE);
      pump.startOver();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().sessionsResumed()).isEqualTo(2 * Sessions.MAX_PER_DEVICE + 1);
    }
  }

  @Test
  @Provision("5.9-3")
  void connectionsWaitForAnAddressThatIsTaken() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      ward.restartBesideAnother();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().sessionsRestored()).isEqualTo(1);
      assertThat(metrics().peersAdmitted()).isZero();
    }
  }

  @Test
  void ageCountsFromTheWholeHandshakeOverResumptions() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      ward.sessions.older = Duration.ofDays(20);
      pump.startOver();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().sessionsResumed()).isEqualTo(1);
      pump.startOver();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().sessionsResumed()).as("twice 20 days are more than 30").isEqualTo(1);
      assertThat(metrics().peersAdmitted()).isEqualTo(3);
    }
  }

  @Test
  void ageCountsOnOverAnOrderlyStop() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      ward.sessions.older = Duration.ofDays(20);
      pump.startOver();
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      ward.restart();
      assertThat(metrics().sessionsRestored()).isEqualTo(2);
      ward.restart(
          transport ->
              transport.sessionLimits(
                  new SessionLimits(Duration.ofDays(19), Duration.ofDays(7), 1000)));
      assertThat(metrics().sessionsRestored()).as("not the one of 20 days").isEqualTo(1);
    }
  }

  @Test
  void aRestartPutsNoOlderSessionInThePlaceOfTheLatest() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    try (SensorTransport.Link one = link(credential);
        SensorTransport.Link two = link(credential)) {
      assertThat(post(one, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(post(two, "/echo")).isEqualTo(Status.CHANGED);
      ward.sessions.last = new byte[0];
      ward.restart();
      assertThat(metrics().sessionsRestored()).isEqualTo(2);
      assertThat(ward.sessions.last).as("none was kept anew").isEmpty();
      two.startOver();
      assertThat(post(two, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().sessionsResumed()).isEqualTo(1);
    }
  }

  @Test
  @Provision("5.4-1")
  void sessionsOfDevicesThatNeverComeBackArePurged() throws Exception {
    byte[] id = new byte[SavedSessions.ID_BYTES];
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    ward.sessions.keep(DeviceId.of("pump-9"), id, HELLO, yesterday);
    ward.restart();
    await().until(() -> ward.sessions.find(id).isEmpty());
  }

  /** Longer than a handshake may take; to the substrate it is not complete before a record. */
  @Test
  @Provision("5.9-3")
  void aDeviceThatSaysNothingAfterItsHandshakeKeepsItsSession() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    AtomicBoolean isQuiet = new AtomicBoolean(true);
    try (MovingProxy network =
            new MovingProxy(
                ward.address(),
                datagram -> isQuiet.get() && isOfSession(datagram) ? new byte[0] : datagram);
        SensorTransport.Link pump = link(credential, network.address())) {
      var unused = pump.send(Method.POST, "/echo", TestGateway.TEXT, HELLO);
      await()
          .atMost(3 * HandshakeWatch.DEADLINE_SECONDS, TimeUnit.SECONDS)
          .until(() -> metrics().peersAdmitted() == 1 || !ward.refusals().isEmpty());
      assertThat(ward.refusals()).isEmpty();
      isQuiet.set(false);
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(metrics().peersAdmitted()).isEqualTo(1);
    }
  }

  /** The first record under the new keys is Finished (RFC 9146 section 4, RFC 6347 section 4.1). */
  private static boolean isOfSession(byte[] datagram) {
    boolean isEncrypted = datagram.length > 10 && datagram[4] == 1;
    return isEncrypted && (datagram[9] != 0 || datagram[10] != 0);
  }

  @Test
  @Provision("5.5-1")
  void forgedRecordsSilenceNobody() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    try (MovingProxy network = new MovingProxy(ward.address());
        SensorTransport.Link pump = link(credential, network.address())) {
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      List<byte[]> sent = network.sent();
      byte[] genuine = sent.get(sent.size() - 1);
      for (int i = 0; i < 50; i++) {
        byte[] forged = genuine.clone();
        // Of the record's number (RFC 6347 section 4.1): one that was not there yet.
        forged[9] = 1;
        forged[10] = (byte) i;
        network.replay(forged);
      }
      assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
      assertThat(network.sent()).as("answered at once").hasSize(sent.size() + 1);
      assertThat(metrics().peersAdmitted()).isEqualTo(1);
    }
  }

  @Test
  @Provision("5.13-1B")
  void aDeviceThatComesTooOftenHasToWait() throws Exception {
    try (SensorTransport.Link pump = link(ward.device("pump-1", TestGateway.PUMP));
        SensorTransport.Link other = link(ward.device("pump-2", TestGateway.PUMP))) {
      int came = 0;
      while (ward.refusals().isEmpty() && came < 100) {
        assertThat(post(pump, "/echo")).isEqualTo(Status.CHANGED);
        came++;
        pump.startOver();
        if (came >= HandshakeWatch.ARRIVALS_AT_ONCE && refusalOrNone(pump).isPresent()) {
          break;
        }
      }
      assertThat(came).isBetween(HandshakeWatch.ARRIVALS_AT_ONCE, 99);
      ward.refused(Reason.TOO_MANY_ATTEMPTS);
      assertThat(post(other, "/echo")).as("another device").isEqualTo(Status.CHANGED);
    }
  }

  private static Optional<Reason> refusalOrNone(SensorTransport.Link link) throws Exception {
    try {
      post(link, "/echo");
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(((WardgateException) e.getCause()).reason());
    }
  }

  private GatewayMetrics metrics() {
    return ward.gateway().metrics();
  }

  private SensorTransport.Link link(Credential credential) throws WardgateException {
    return link(credential, ward.address());
  }

  private SensorTransport.Link link(Credential credential, InetSocketAddress gateway)
      throws WardgateException {
    return ward.link(credential, gateway);
  }

  private static SensorTransport.Link link(SensorCredential credential, InetSocketAddress gateway)
      throws WardgateException {
    return DtlsTransport.to(gateway).open(credential, InstantSource.system());
  }

  private static Status post(SensorTransport.Link link, String path) throws Exception {
    Response response =
        link.send(Method.POST, path, TestGateway.TEXT, HELLO)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    return response.status();
  }

  private static Reason refusal(SensorTransport.Link link, String path) throws Exception {
    try {
      throw new AssertionError("answered " + post(link, path));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WardgateException refused) {
        return refused.reason();
      }
      throw e;
    }
  }
}
