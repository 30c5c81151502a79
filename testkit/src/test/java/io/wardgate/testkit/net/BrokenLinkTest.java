// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.access.AccessPolicy;
import io.wardgate.exchange.Method;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.keys.StateKeys;
import io.wardgate.reading.FileUplink;
import io.wardgate.reading.Priority;
import io.wardgate.reading.Reading;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.sensor.Backoff;
import io.wardgate.sensor.SensorClient;
import io.wardgate.transport.DtlsTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sensor and its gateway make of a link that breaks, lies and moves. */
class BrokenLinkTest {

  @TempDir Path folder;
  private LedgerRegistry registry;
  private Gateway gateway;
  private GatewayTrust trust;
  private Credential monitor;

  @BeforeEach
  void start() throws Exception {
    Authority deviceCa = TestPki.authority("Device CA");
    Authority gatewayCa = TestPki.authority("Gateway CA");
    Credential identity = gatewayCa.issueServer("localhost");
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    registry = LedgerRegistry.create(folder, StateKeys.generate(clock, random), clock, random);
    registry.register(
        new Registration(DeviceId.of("van-7"), Role.AMBULANCE_MONITOR, Instant.EPOCH));
    monitor = deviceCa.issueDevice("van-7");
    trust = GatewayTrust.anchoredAt(gatewayCa.certificate(), "localhost");
    gateway =
        Gateway.builder()
            .identity(GatewayIdentity.of(identity.key(), identity.chain()))
            .trust(DeviceTrust.anchoredAt(deviceCa.certificate()))
            .access(AccessPolicy.denyAll().allow(Role.AMBULANCE_MONITOR, Method.POST, "/vitals"))
            .state(GatewayState.with(registry))
            .transport(DtlsTransport.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .readings(FileUplink.open(folder.resolve("readings.jsonl")))
            .build();
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    registry.close();
  }

  @Test
  @Provision("5.9-1")
  void goesOnFromANewAddressWithoutAHandshake() throws Exception {
    try (ImpairmentProxy link = link(Impairment.none());
        SensorClient sensor = sensor(link)) {
      delivered(submit(sensor, 1));
      link.rebind();
      delivered(submit(sensor, 2));
      assertThat(gateway.metrics().peersAdmitted()).isOne();
    }
    assertThat(stored()).containsExactly(1, 2);
  }

  @Test
  @Provision("5.9-1")
  @Provision("5.9-2")
  void handsOverInOrderWhatWasMeasuredWhileTheLinkWasCut() throws Exception {
    try (ImpairmentProxy link = link(Impairment.none());
        SensorClient sensor = sensor(link)) {
      delivered(submit(sensor, 1));
      link.cut();
      CompletableFuture<Void> second = submit(sensor, 2);
      CompletableFuture<Void> third = submit(sensor, 3);
      assertThat(second).isNotDone();
      link.restore();
      delivered(second);
      delivered(third);
    }
    assertThat(stored()).containsExactly(1, 2, 3);
  }

  @Test
  @Provision("5.9-1")
  void losesNothingOverALinkThatDropsDuplicatesAndReorders() throws Exception {
    Impairment bad = Impairment.none().losing(0.1).duplicating(0.1).reordering(0.1);
    try (ImpairmentProxy link = link(bad);
        SensorClient sensor = sensor(link)) {
      for (int i = 1; i <= 20; i++) {
        delivered(submit(sensor, i));
      }
    }
    // Again is allowed, after a new handshake; missing or out of order is not.
    assertThat(stored().stream().distinct().toList())
        .isEqualTo(java.util.stream.IntStream.rangeClosed(1, 20).boxed().toList());
  }

  @Test
  void takesARecordThatArrivesTwiceOnce() throws Exception {
    try (ImpairmentProxy link = link(Impairment.none().duplicating(1.0));
        SensorClient sensor = sensor(link)) {
      for (int i = 1; i <= 5; i++) {
        delivered(submit(sensor, i));
      }
    }
    assertThat(stored()).containsExactly(1, 2, 3, 4, 5);
  }

  private ImpairmentProxy link(Impairment impairment) throws Exception {
    return ImpairmentProxy.towards(gateway.address(), new ImpairmentPlan(42, impairment));
  }

  private SensorClient sensor(ImpairmentProxy link) throws Exception {
    return SensorClient.builder()
        .credential(SensorCredential.certificate(monitor.key(), monitor.chain(), trust))
        .transport(DtlsTransport.to(link.address()))
        .backoff(new Backoff(Duration.ofMillis(50), Duration.ofMillis(200)))
        .open();
  }

  private static CompletableFuture<Void> submit(SensorClient sensor, int value) {
    return sensor
        .submit(
            Priority.VITAL, List.of(Reading.quantity("147842", value, "beat/min", Instant.now())))
        .toCompletableFuture();
  }

  private static void delivered(CompletableFuture<Void> stage) throws Exception {
    stage.get(60, TimeUnit.SECONDS);
  }

  private List<Integer> stored() throws Exception {
    return Files.readAllLines(folder.resolve("readings.jsonl")).stream()
        .map(line -> line.replaceAll(".*\"value\":([0-9.]+),.*", "$1"))
        .map(value -> (int) Double.parseDouble(value))
        .toList();
  }
}
