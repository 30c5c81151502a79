// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.est.Est;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Provision;
import io.wardgate.keys.KeyVault.KeyPairEntry;
import io.wardgate.reading.Observation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From building to closing: what a gateway opens, tells, takes and leaves behind. */
@Timeout(60)
class GatewayTest {

  @TempDir private Path folder;
  @TempDir private Path safe;
  private GatewayRig rig;

  @BeforeEach
  void makeRig() throws Exception {
    rig = new GatewayRig(folder, safe);
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void buildingOpensAndWritesNothing() throws Exception {
    Path state = folder.resolve("not-made");
    Set<Thread> before = GatewayRig.ourThreads();
    Gateway gateway = rig.build(rig.options(rig.devices, state));
    assertThat(state).doesNotExist();
    assertThat(folder).isEmptyDirectory();
    assertThat(rig.transport.opened).isZero();
    GatewayRig.assertNoThreadsBut(before);
    assertThatIllegalStateException().isThrownBy(gateway::address);
    assertThatIllegalStateException().isThrownBy(gateway::registry);
    assertThatIllegalStateException().isThrownBy(gateway::metrics);
  }

  @Test
  @Provision("5.5-4")
  void theGatewaysOwnAuthorityIsNeverTrustedForDevices() {
    Gateway.Options options = rig.options(rig.gateways, folder);
    assertThatIllegalArgumentException().isThrownBy(options::build);
  }

  @Test
  void whoeverEnrolsDevicesIsTrustedForThem() {
    Gateway.Options options = rig.options(rig.devices, folder);
    options.enrolment(issuing(rig.gateways));
    assertThatIllegalArgumentException().isThrownBy(options::build);
    options.enrolment(issuing(rig.devices));
    rig.build(options);
  }

  private static Est issuing(Authority authority) {
    return Est.issuedBy(
        EmbeddedAuthority.of(
            new KeyPairEntry(authority.key(), List.of(authority.certificate())),
            InstantSource.system(),
            new SecureRandom()));
  }

  @Test
  void aPathIsServedOnce() {
    Gateway.Options options =
        rig.options(rig.devices, folder).resource("/config", GatewayRig::changed);
    for (String taken :
        List.of("/config", "/vitals", "/.well-known/core", "/.well-known/est/skg")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> options.resource(taken, GatewayRig::changed));
    }
  }

  @Test
  void startsOnce() throws Exception {
    Gateway gateway = rig.start();
    assertThat(gateway.address()).isEqualTo(FakeTransport.ADDRESS);
    assertThatIllegalStateException().isThrownBy(gateway::start);
    assertThat(rig.transport.opened).isEqualTo(1);
    gateway.close();
    assertThatIllegalStateException().isThrownBy(gateway::start);
    assertThatIllegalStateException().isThrownBy(gateway::address);
  }

  @Test
  void closingAgainDoesNothingMore() throws Exception {
    Gateway gateway = rig.start();
    gateway.close();
    gateway.close();
    assertThat(rig.transport.closed).isEqualTo(1);
    assertThat(rig.kinds())
        .containsExactly(
            SecurityEvent.GATEWAY_STARTED,
            SecurityEvent.DEVICE_REGISTERED,
            SecurityEvent.GATEWAY_STOPPED);
  }

  @Test
  void closingNeverThrowsAndLeavesNoThread() throws Exception {
    Set<Thread> before = GatewayRig.ourThreads();
    rig.transport.whenClosed =
        () -> {
          throw new IllegalStateException("as the test wants it");
        };
    rig.uplink.failToClose = true;
    Gateway gateway = rig.start();
    assertThat(rig.post("config", 0, "x").status()).isEqualTo(Status.CHANGED);
    assertThat(GatewayRig.ourThreads()).isNotEqualTo(before);
    assertThatCode(gateway::close).doesNotThrowAnyException();
    assertThat(rig.uplink.closed).isTrue();
    GatewayRig.assertNoThreadsBut(before);
  }

  @Test
  void whatWasNeverStartedClosesItsUplinkToo() {
    rig.build(rig.options(rig.devices, folder)).close();
    assertThat(rig.uplink.closed).isTrue();
  }

  @Test
  void theUplinkOutlivesTheTransport() throws Exception {
    List<Boolean> uplinkWasClosed = new ArrayList<>();
    rig.transport.whenClosed = () -> uplinkWasClosed.add(rig.uplink.closed);
    rig.start().close();
    assertThat(uplinkWasClosed).containsExactly(false);
  }

  @Test
  void anAddressThatCannotBeUsedLeavesNothingOpen() throws Exception {
    Set<Thread> before = GatewayRig.ourThreads();
    rig.transport.failure =
        Optional.of(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    Gateway gateway = rig.build(rig.options(rig.devices, folder));
    assertThat(reasonOf(gateway::start)).isEqualTo(Reason.TRANSPORT_UNAVAILABLE);
    GatewayRig.assertNoThreadsBut(before);
    assertThat(rig.told).isEmpty();
    assertThatIllegalStateException().isThrownBy(gateway::address);
  }

  @Test
  void aTransportThatBreaksLeavesNothingOpen() throws Exception {
    Set<Thread> before = GatewayRig.ourThreads();
    for (Throwable broken :
        List.of(new IllegalStateException("broken"), new NoClassDefFoundError("broken"))) {
      rig.transport.failure = Optional.of(broken);
      Gateway gateway = rig.build(rig.options(rig.devices, folder));
      assertThat(catchThrowable(gateway::start)).isSameAs(broken);
      GatewayRig.assertNoThreadsBut(before);
    }
  }

  @Test
  void optInsAreToldAtEveryStart() throws Exception {
    rig.start().close();
    rig.transport.optIns = new TreeSet<>(Set.of("plain-psk", "ccm-8"));
    for (int i = 1; i <= 2; i++) {
      rig.told.clear();
      rig.start().close();
      assertThat(rig.kinds())
          .containsExactly(
              SecurityEvent.GATEWAY_STARTED,
              SecurityEvent.OPT_IN_ACTIVE,
              SecurityEvent.OPT_IN_ACTIVE,
              SecurityEvent.GATEWAY_STOPPED);
      assertThat(rig.told.subList(1, 3))
          .allMatch(event -> event.severity() == SecurityEvent.Severity.WARNING)
          .extracting(SecurityEvent::source)
          .containsExactly("ccm-8", "plain-psk");
    }
  }

  @Test
  void eventsAreToldInTheOrderThingsHappened() throws Exception {
    Gateway gateway = rig.start();
    InetSocketAddress source =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 9}), 5555);
    rig.door().opened(rig.pump(), source);
    rig.door().refused(source, Reason.UNKNOWN_AUTHORITY);
    assertThat(rig.post("nowhere", 0, "x").status()).isEqualTo(Status.FORBIDDEN);
    gateway.close();
    assertThat(rig.kinds())
        .containsExactly(
            SecurityEvent.GATEWAY_STARTED,
            SecurityEvent.DEVICE_REGISTERED,
            SecurityEvent.SESSION_OPENED,
            SecurityEvent.PEER_REFUSED,
            SecurityEvent.REQUEST_REFUSED,
            SecurityEvent.GATEWAY_STOPPED);
    assertThat(rig.told).allMatch(event -> event.at().equals(rig.clock.instant()));
  }

  @Test
  void aMakersHandlerRunsOnAHandlerThread() throws Exception {
    CompletableFuture<String> thread = new CompletableFuture<>();
    Gateway gateway =
        rig.build(
            rig.options(rig.devices, folder)
                .resource(
                    "/where",
                    request -> {
                      thread.complete(Thread.currentThread().getName());
                      return GatewayRig.changed(request);
                    }));
    gateway.start();
    rig.register(gateway);
    assertThat(rig.post("where", 0, "x").status()).isEqualTo(Status.CHANGED);
    assertThat(thread.join()).startsWith("wardgate-handler-");
  }

  @Test
  void aReadingIsAcknowledgedOnlyOnceTheUplinkHasIt() throws Exception {
    rig.start();
    CompletableFuture<Response> answer = rig.postReading();
    assertThat(answer).isNotDone();
    assertThat(rig.uplink.taken).hasSize(1);
    Observation observation = rig.uplink.taken.get(0).get(0);
    assertThat(observation.device()).isEqualTo(DeviceId.of("pump-1"));
    assertThat(observation.role()).isEqualTo(GatewayRig.PUMP.name());
    assertThat(observation.received()).isEqualTo(rig.clock.instant());
    rig.uplink.stages.get(0).complete(null);
    assertThat(answer.get(30, TimeUnit.SECONDS).status()).isEqualTo(Status.CHANGED);
  }

  @Test
  @Provision("5.9-1")
  void whateverAilsTheUplinkTheSensorIsToldToTryAgain() throws Exception {
    rig.start();
    List<Throwable> ailments =
        List.of(
            new WardgateException(Reason.UPLINK_UNAVAILABLE, "as the test wants it"),
            new WardgateException(Reason.OVERLOADED, "as the test wants it"),
            new WardgateException(Reason.STATE_DAMAGED, "as the test wants it"),
            new IllegalStateException("as the test wants it"),
            new java.io.IOException("disk full"));
    for (Throwable ailment : ailments) {
      rig.uplink.stages.clear();
      CompletableFuture<Response> answer = rig.postReading();
      rig.uplink.stages.get(0).completeExceptionally(ailment);
      Response response = answer.get(30, TimeUnit.SECONDS);
      assertThat(response.status()).as("%s", ailment).isEqualTo(Status.SERVICE_UNAVAILABLE);
      assertThat(response.maxAge()).isPresent();
    }
    rig.uplink.failToTake = true;
    assertThat(rig.postReading().get(30, TimeUnit.SECONDS).status())
        .isEqualTo(Status.SERVICE_UNAVAILABLE);
  }

  @Test
  void countsWhatItDid() throws Exception {
    Gateway gateway = rig.start();
    InetSocketAddress source = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    rig.door().opened(rig.pump(), source);
    rig.door().refused(source, Reason.NO_CREDENTIAL);
    assertThat(rig.post("config", 0, "x").status()).isEqualTo(Status.CHANGED);
    assertThat(rig.post("nowhere", 0, "x").status()).isEqualTo(Status.FORBIDDEN);
    CompletableFuture<Response> open = rig.postReading();
    assertThat(open).isNotDone();
    assertThat(gateway.metrics())
        .isEqualTo(new GatewayMetrics(3, 2, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, false));
  }

  @Test
  void limitsHaveRanges() {
    Duration second = Duration.ofSeconds(1);
    assertThat(new Limits(256, 65_536, 64, Duration.ofHours(1)).handlerThreads()).isEqualTo(64);
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(0, 1, 1, second));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(257, 1, 1, second));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 0, 1, second));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 65_537, 1, second));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 0, second));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 65, second));
    assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, 1, 1, Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(1, 1, 1, Duration.ofSeconds(3601)));
  }
}
