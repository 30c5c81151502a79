// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Provision;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.SensorCredential;
import io.wardgate.registry.Cause;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.sensor.SensorClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that is taken out of service is out at once, and nobody else is. */
class RevocationTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  @TempDir Path state;
  @TempDir Path otherState;
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
  @Provision("5.5-4")
  void aRevokedDevicesSessionEndsWithinASecondAndNobodyElses() throws Exception {
    List<SensorClient> others = new ArrayList<>();
    try (SensorClient pump = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo").status()).isEqualTo(Status.CHANGED);
      for (int i = 2; i < 7; i++) {
        SensorClient other = ward.client(ward.device("pump-" + i, TestGateway.PUMP));
        others.add(other);
        assertThat(post(other, "/echo").status()).isEqualTo(Status.CHANGED);
      }
      assertThat(sessions()).isEqualTo(6);

      ward.gateway().registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);

      await().atMost(ONE_SECOND).until(() -> sessions() == 5);
      CompletableFuture<Response> late = request(pump, "/echo");
      for (SensorClient other : others) {
        assertThat(post(other, "/echo").status()).isEqualTo(Status.CHANGED);
      }
      assertThat(late).as("not even a refusal").isNotDone();
      assertThat(ward.received).hasSize(11);
    } finally {
      others.forEach(SensorClient::close);
    }
  }

  @Test
  void whatIsUnderWayForARevokedDeviceStaysUnanswered() throws Exception {
    try (SensorClient pump = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
      CompletableFuture<Response> underWay = request(pump, "/slow");
      await().until(() -> sessions() == 1);
      ward.gateway().registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);
      await().atMost(ONE_SECOND).until(() -> sessions() == 0);
      ward.slow.complete(Response.of(Status.CHANGED));
      try (SensorClient other = ward.client(ward.device("pump-2", TestGateway.PUMP))) {
        assertThat(post(other, "/echo").status()).isEqualTo(Status.CHANGED);
      }
      assertThat(underWay).isNotDone();
    }
  }

  @Test
  void aSuspendedDevicesSessionEndsAndItComesBackOnceResumed() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    try (SensorClient pump = ward.client(credential)) {
      assertThat(post(pump, "/echo").status()).isEqualTo(Status.CHANGED);
      ward.gateway().registry().suspend(DeviceId.of("pump-1"), Cause.LOST);
      await().atMost(ONE_SECOND).until(() -> sessions() == 0);
    }
    ward.gateway().registry().resume(DeviceId.of("pump-1"));
    try (SensorClient pump = ward.client(credential)) {
      assertThat(post(pump, "/echo").status()).isEqualTo(Status.CHANGED);
    }
  }

  @Test
  void theNextHandshakeOfARevokedDeviceIsRefusedForThatReason() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    ward.gateway().registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);
    try (SensorClient pump = ward.client(credential)) {
      CompletableFuture<Response> answer = request(pump, "/echo");
      ward.refused(Reason.DEVICE_REVOKED);
      await().untilAsserted(() -> assertThat(answer).isCompletedExceptionally());
    }
    assertThat(ward.received).isEmpty();
  }

  @Test
  void aRevokedDevicesPreSharedKeyLooksUnknown() throws Exception {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    PreSharedKey key = new PreSharedKey(DeviceId.of("glucose-1"), "glucose-1", secret);
    ward.register("glucose-1", TestGateway.GLUCOSE);
    ward.keys.put("glucose-1", key);
    ward.gateway().registry().revoke(DeviceId.of("glucose-1"), Cause.STOLEN);
    try (SensorClient glucose = ward.client(SensorCredential.preShared(key))) {
      CompletableFuture<Response> answer = request(glucose, "/echo");
      ward.refused(Reason.PSK_IDENTITY_UNKNOWN);
      assertThat(answer).isNotDone();
    }
  }

  @Test
  @Provision("5.5-4")
  void aListThatRevokesACertificateEndsItsSession() throws Exception {
    Credential credential = ward.device("pump-1", TestGateway.PUMP);
    try (SensorClient pump = ward.client(credential);
        SensorClient other = ward.client(ward.device("pump-2", TestGateway.PUMP))) {
      assertThat(post(pump, "/echo").status()).isEqualTo(Status.CHANGED);
      assertThat(post(other, "/echo").status()).isEqualTo(Status.CHANGED);
      ward.gateway()
          .revocations()
          .accept(
              ward.deviceCa.revocationList().revoking(credential.leaf()).sign(),
              List.of(ward.deviceCa.certificate()));
      await().atMost(ONE_SECOND).until(() -> sessions() == 1);
      assertThat(post(other, "/echo").status()).isEqualTo(Status.CHANGED);
      ward.gateway()
          .revocations()
          .deny(KeyFingerprint.of(ward.deviceCa.certificate().getPublicKey()));
      await().atMost(ONE_SECOND).until(() -> sessions() == 0);
    }
  }

  @Test
  void aSessionThatCarriedItsRecordsIsMadeAnew() throws Exception {
    restart(t -> t.sessionLimits(new SessionLimits(Duration.ofDays(1), Duration.ofDays(1), 16)));
    try (SensorClient pump = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
      Response last = post(pump, "/echo");
      for (int i = 0; i < 16 && last.status() == Status.CHANGED; i++) {
        last = post(pump, "/echo");
      }
      assertThat(last.status()).isEqualTo(Status.UNAUTHORIZED);
      ward.refused(Reason.SESSION_RECORDS_SPENT);
      await().atMost(ONE_SECOND).until(() -> sessions() == 0);
    }
  }

  private void restart(UnaryOperator<DtlsTransport> settings) throws Exception {
    ward.close();
    ward = new TestGateway(otherState, settings);
  }

  private int sessions() {
    return ward.gateway().metrics().sessions();
  }

  private static CompletableFuture<Response> request(SensorClient client, String path)
      throws WardgateException {
    return client.request(Method.POST, path, TestGateway.TEXT, HELLO).toCompletableFuture();
  }

  private static Response post(SensorClient client, String path) throws Exception {
    return request(client, path).get(20, TimeUnit.SECONDS);
  }
}
