// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.fixtures.TestSecret;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.SensorCredential;
import io.wardgate.sensor.SensorClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a session with a gateway, and with which gateway a sensor makes one. */
class MutualAuthenticationTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

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
  @Provision("5.1-3")
  @Provision("5.5-1")
  void answersARegisteredDeviceOfItsOwnAuthority() throws Exception {
    try (SensorClient pump = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo").status()).isEqualTo(Status.CHANGED);
    }
    assertThat(ward.received).hasSize(1);
    assertThat(ward.received.get(0).peer().device().serial()).isEqualTo("pump-1");
    assertThat(ward.received.get(0).peer().role()).isEqualTo(TestGateway.PUMP);
    await().untilAsserted(() -> assertThat(kinds()).contains(SecurityEvent.SESSION_OPENED));
  }

  @Test
  @Provision("5.5-4")
  void refusesAPeerWithoutACredential() throws Exception {
    try (SensorClient nobody = ward.client(SensorCredential.none(ward.trust()))) {
      refused(nobody, Reason.NO_CREDENTIAL);
    }
  }

  @Test
  @Provision("5.5-4")
  void refusesACertificateFromAnotherManufacturer() throws Exception {
    ward.register("pump-1", TestGateway.PUMP);
    Authority other = TestPki.authority("Device CA");
    try (SensorClient stranger = ward.client(other.issueDevice("pump-1"))) {
      refused(stranger, Reason.UNKNOWN_AUTHORITY);
    }
  }

  @Test
  void refusesAnExpiredCertificate() throws Exception {
    ward.register("pump-1", TestGateway.PUMP);
    Credential old =
        ward.deviceCa
            .device("pump-1")
            .validFrom(Instant.parse("2020-01-01T00:00:00Z"))
            .validTo(Instant.parse("2021-01-01T00:00:00Z"))
            .issue();
    try (SensorClient late = ward.client(old)) {
      refused(late, Reason.CERTIFICATE_EXPIRED);
    }
  }

  @Test
  void refusesADeviceThatIsNotRegistered() throws Exception {
    try (SensorClient unknown = ward.client(ward.deviceCa.issueDevice("pump-9"))) {
      refused(unknown, Reason.DEVICE_NOT_REGISTERED);
    }
  }

  @Test
  void refusesTheGatewaysOwnAuthorityAsADevices() throws Exception {
    ward.register("pump-1", TestGateway.PUMP);
    try (SensorClient confused = ward.client(ward.gatewayCa.issueDevice("pump-1"))) {
      refused(confused, Reason.UNKNOWN_AUTHORITY);
    }
  }

  @Test
  @Provision("5.5-4")
  void answersADeviceWithAPreSharedKeyOfItsOwn() throws Exception {
    PreSharedKey key = preSharedKey("glucose-1", 1);
    try (SensorClient glucose = ward.client(SensorCredential.preShared(key))) {
      assertThat(post(glucose, "/echo").status()).isEqualTo(Status.CHANGED);
    }
    assertThat(ward.received.get(0).peer().device()).isEqualTo(key.device());
  }

  @Test
  void aFaultOfOursWhileAPeerIsJudgedRefusesIt() throws Exception {
    PreSharedKey key = preSharedKey("glucose-1", 1);
    PreSharedKey whole = new PreSharedKey(key.device(), key.identity(), key.copyOfKey());
    key.destroy();
    try (SensorClient glucose = ward.client(SensorCredential.preShared(whole))) {
      var answer = glucose.request(Method.POST, "/echo", TestGateway.TEXT, HELLO);
      ward.refused(Reason.HANDSHAKE_FAILED);
      assertThat(answer.toCompletableFuture()).isNotDone();
    }
    assertThat(ward.received).isEmpty();
  }

  @Test
  void refusesAnUnknownPreSharedKeyIdentityAndLetsItTimeOut() throws Exception {
    PreSharedKey stranger =
        new PreSharedKey(io.wardgate.DeviceId.of("nobody"), "nobody", TestSecret.bytes(32));
    try (SensorClient client = ward.client(SensorCredential.preShared(stranger))) {
      var answer = client.request(Method.POST, "/echo", TestGateway.TEXT, HELLO);
      ward.refused(Reason.PSK_IDENTITY_UNKNOWN);
      assertThat(answer.toCompletableFuture()).isNotDone();
    }
    assertThat(ward.received).isEmpty();
  }

  @Test
  @Provision("5.1-5")
  void whoKeepsFailingIsNotListenedToForAWhile() throws Exception {
    ward.register("pump-1", TestGateway.PUMP);
    Credential forged = TestPki.authority("Device CA").issueDevice("pump-1");
    for (int i = 0; i < Attempts.FREE; i++) {
      try (SensorClient attacker = ward.client(forged)) {
        refused(attacker, Reason.UNKNOWN_AUTHORITY);
      }
    }
    try (SensorClient attacker = ward.client(forged);
        SensorClient pump = ward.client(ward.deviceCa.issueDevice("pump-1"))) {
      assertThat(catchThrowable(() -> post(attacker, "/echo"))).isNotNull();
      await().until(() -> ward.refusals().contains(Reason.TOO_MANY_ATTEMPTS));
      assertThat(post(pump, "/echo").status()).isEqualTo(Status.CHANGED);
    }
  }

  @Test
  void aSensorEchoesWhatACommandIsAskedForWith() throws Exception {
    try (SensorClient pump = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/stop").status()).isEqualTo(Status.CHANGED);
      assertThat(post(pump, "/stop").status()).isEqualTo(Status.CHANGED);
    }
    assertThat(ward.received).hasSize(2);
    assertThat(ward.refusals()).isEmpty();
  }

  @Test
  @Provision("5.5-1")
  void aSensorRefusesAGatewayOfAnotherName() throws Exception {
    Credential pump = ward.device("pump-1", TestGateway.PUMP);
    GatewayTrust elsewhere =
        GatewayTrust.anchoredAt(ward.gatewayCa.certificate(), "gateway.elsewhere.example");
    try (SensorClient client =
        ward.client(SensorCredential.certificate(pump.key(), pump.chain(), elsewhere))) {
      assertThat(reasonOf(catchThrowable(() -> post(client, "/echo"))))
          .isEqualTo(Reason.GATEWAY_NAME_MISMATCH);
    }
    assertThat(ward.received).isEmpty();
  }

  @Test
  @Provision("5.5-1")
  void aSensorRefusesAGatewayOfAnotherAuthority() throws Exception {
    Credential pump = ward.device("pump-1", TestGateway.PUMP);
    GatewayTrust elsewhere =
        GatewayTrust.anchoredAt(TestPki.authority("Gateway CA").certificate(), "localhost");
    try (SensorClient client =
        ward.client(SensorCredential.certificate(pump.key(), pump.chain(), elsewhere))) {
      assertThat(reasonOf(catchThrowable(() -> post(client, "/echo"))))
          .isEqualTo(Reason.UNKNOWN_AUTHORITY);
    }
  }

  @Test
  @Provision("5.9-1")
  void aDeviceThatComesAndGoesTakesNobodysPlace() throws Exception {
    ward.close();
    ward =
        new TestGateway(
            java.nio.file.Files.createDirectory(state.resolve("small")), t -> t.maxSessions(4));
    Credential restless = ward.device("pump-1", TestGateway.PUMP);
    for (int i = 0; i < 4; i++) {
      try (SensorClient pump = ward.client(restless)) {
        assertThat(post(pump, "/echo").status()).isEqualTo(Status.CHANGED);
      }
    }
    await().untilAsserted(() -> assertThat(ward.gateway().metrics().sessions()).isZero());
    try (SensorClient other = ward.client(ward.device("pump-2", TestGateway.PUMP))) {
      assertThat(post(other, "/echo").status()).isEqualTo(Status.CHANGED);
    }
  }

  @Test
  @Provision("5.9-1")
  void aDeviceHoldsAFewSessionsAtMost() throws Exception {
    Credential greedy = ward.device("pump-1", TestGateway.PUMP);
    java.util.List<SensorClient> clients = new java.util.ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        SensorClient client = ward.client(greedy);
        clients.add(client);
        post(client, "/echo");
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(ward.gateway().metrics().sessions())
                      .isEqualTo(Sessions.MAX_PER_DEVICE));
      assertThat(post(clients.get(5), "/echo").status()).isEqualTo(Status.CHANGED);
    } finally {
      clients.forEach(SensorClient::close);
    }
  }

  @Test
  void aRefusalIsToldOnce() throws Exception {
    try (SensorClient unknown = ward.client(ward.deviceCa.issueDevice("pump-9"));
        SensorClient known = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
      refused(unknown, Reason.DEVICE_NOT_REGISTERED);
      assertThat(post(known, "/echo").status()).isEqualTo(Status.CHANGED);
      assertThat(ward.gateway().metrics().peersRefused()).isEqualTo(1);
    }
  }

  private void refused(SensorClient client, Reason reason) {
    Throwable failure = catchThrowable(() -> post(client, "/echo"));
    assertThat(failure).isNotNull();
    ward.refused(reason);
    assertThat(ward.received).isEmpty();
  }

  private PreSharedKey preSharedKey(String serial, int seed) throws WardgateException {
    byte[] bytes = TestSecret.bytes(32);
    new java.util.SplittableRandom(seed).nextBytes(bytes);
    PreSharedKey key = new PreSharedKey(io.wardgate.DeviceId.of(serial), "id-of-" + serial, bytes);
    ward.keys.put(key.identity(), key);
    ward.register(serial, TestGateway.GLUCOSE);
    return key;
  }

  private java.util.List<String> kinds() {
    return ward.events.stream().map(SecurityEvent::kind).toList();
  }

  static Response post(SensorClient client, String path) throws Exception {
    return client
        .request(Method.POST, path, TestGateway.TEXT, HELLO)
        .toCompletableFuture()
        .get(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
  }

  static Reason reasonOf(Throwable failure) {
    assertThat(failure).isInstanceOf(ExecutionException.class);
    assertThat(failure.getCause()).isInstanceOf(WardgateException.class);
    return ((WardgateException) failure.getCause()).reason();
  }
}
