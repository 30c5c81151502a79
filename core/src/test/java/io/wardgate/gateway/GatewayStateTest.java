// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Provision;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.KeyFingerprint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway remembers, and what it does when its memory is not what was written. */
@Timeout(60)
class GatewayStateTest {

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
  void damagedStateIsRefusedBeforeAnythingIsOpened() throws Exception {
    Files.writeString(folder.resolve("devices"), "garbage");
    Set<Thread> before = GatewayRig.ourThreads();
    Gateway gateway = rig.build(rig.options(rig.devices, folder));
    assertThat(reasonOf(gateway::start)).isEqualTo(Reason.STATE_DAMAGED);
    assertThat(rig.transport.opened).isZero();
    GatewayRig.assertNoThreadsBut(before);
  }

  @Test
  @Provision("5.9-1")
  void whatItRegisteredItKnowsAfterARestart() throws Exception {
    Gateway first = rig.start();
    first.close();
    Gateway second = rig.start();
    assertThat(second.registry().find(DeviceId.of("pump-1"))).isPresent();
  }

  @Test
  @Provision("5.5-4")
  void whoIsTakenOutOfServiceLeavesNoSessionToComeBackTo() throws Exception {
    SavedSessions sessions = SavedSessions.inMemory();
    DeviceId[] devices = {DeviceId.of("live"), DeviceId.of("stopped"), DeviceId.of("in-service")};
    try (Gateway first = startedWith(sessions)) {
      for (int i = 0; i < devices.length; i++) {
        rig.register(first, devices[i].toString());
        sessions.keep(devices[i], SavedSessionsContract.id(i), new byte[1], Instant.MAX);
      }
      first.registry().suspend(devices[0], Cause.LOST);
      assertThat(sessions.find(SavedSessionsContract.id(0))).isEmpty();
      assertThat(sessions.find(SavedSessionsContract.id(1))).isPresent();
    }
    try (StateFolder stopped = StateFolder.open(folder, rig.vault, rig.clock, new SecureRandom())) {
      stopped.ledger().revoke(devices[1], Cause.STOLEN);
    }
    try (Gateway second = startedWith(sessions)) {
      assertThat(second.registry().all()).hasSize(3);
      assertThat(sessions.find(SavedSessionsContract.id(1))).isEmpty();
      assertThat(sessions.find(SavedSessionsContract.id(2))).isPresent();
    }
  }

  private Gateway startedWith(SavedSessions sessions) throws WardgateException {
    Gateway gateway =
        rig.build(rig.stage(rig.devices, GatewayState.at(folder, rig.vault).resumedFrom(sessions)));
    gateway.start();
    return gateway;
  }

  @Test
  void aDeviceIsActiveFromItsFirstSessionOnAlsoAfterARestart() throws Exception {
    Gateway first = rig.start();
    assertThat(stateOfPump(first)).isEqualTo(DeviceState.ISSUED);
    rig.door().opened(rig.pump(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    first.close();
    assertThat(stateOfPump(rig.start())).isEqualTo(DeviceState.ACTIVE);
  }

  @Test
  @Provision("5.5-4")
  void aDeviceThatIsRevokedGetsNoMoreAnswersInItsSession() throws Exception {
    Gateway gateway = rig.start();
    AuthenticatedPeer session = rig.pump();
    assertThat(rig.send(session, "config", 0, "x").get(30, TimeUnit.SECONDS).status())
        .isEqualTo(Status.CHANGED);
    gateway.registry().revoke(session.device(), Cause.STOLEN);
    assertThat(rig.send(session, "config", 0, "x").get(30, TimeUnit.SECONDS).status())
        .isEqualTo(Status.FORBIDDEN);
    gateway.close();
    assertThat(rig.told)
        .extracting(SecurityEvent::reason)
        .contains(Optional.of(Reason.DEVICE_REVOKED));
  }

  @Test
  void aClockThatWasSetBackOverARestartIsNotBelieved() throws Exception {
    rig.start().close();
    Instant past = rig.clock.instant();
    rig.clock.advance(Duration.ofDays(-9));
    Gateway gateway = rig.start();
    assertThat(rig.transport.peers.orElseThrow().stands(rig.pump())).isTrue();
    gateway.close();
    assertThat(rig.told)
        .filteredOn(event -> event.kind().equals(SecurityEvent.CLOCK_NOT_BELIEVED))
        .singleElement()
        .satisfies(event -> assertThat(event.at()).isBefore(past));
  }

  @Test
  void itsOwnStateIsClosedWithItAndOneItWasGivenIsNot() throws Exception {
    Gateway own = rig.start();
    DeviceRegistry registry = own.registry();
    own.close();
    assertThat(reasonOf(() -> registry.revoke(DeviceId.of("pump-1"), Cause.LOST)))
        .isEqualTo(Reason.CLOSED);
    rig.transport.failure =
        Optional.of(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    assertThat(reasonOf(rig.build(rig.options(rig.devices, folder))::start))
        .isEqualTo(Reason.TRANSPORT_UNAVAILABLE);
    rig.transport.failure = Optional.empty();
    try (StateFolder shared = StateFolder.open(folder, rig.vault, rig.clock, new SecureRandom())) {
      Gateway given = rig.build(rig.stage(rig.devices, GatewayState.with(shared.ledger())));
      given.start();
      given.close();
      shared.ledger().revoke(DeviceId.of("pump-1"), Cause.LOST);
    }
  }

  @Test
  void whatIsToldStandsInTheTrail() throws Exception {
    Gateway gateway = rig.start();
    gateway.registry().suspend(DeviceId.of("pump-1"), Cause.MAINTENANCE);
    gateway.close();

    assertThat(rig.exported())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"kind\":\"gateway-started\""),
            line ->
                assertThat(line)
                    .contains("\"kind\":\"device-registered\"", "\"device\":\"pump-1\""),
            line ->
                assertThat(line).contains("\"kind\":\"device-suspended\"", "local, maintenance"),
            line -> assertThat(line).contains("\"kind\":\"gateway-stopped\""));
  }

  @Test
  void aListenerThatNeverReturnsKeepsNothingOutOfTheTrail() throws Exception {
    CompletableFuture<Void> released = new CompletableFuture<>();
    Gateway gateway =
        rig.build(rig.options(rig.devices, folder).onSecurityEvent(event -> released.join()));
    gateway.start();
    for (int i = 0; i < 1100; i++) {
      rig.register(gateway, "pump-" + i);
    }
    long kept = 0;
    // The last is on its way to the disk.
    for (int i = 0; kept < 1101 && i < 100; i++) {
      kept = rig.exported().size();
    }
    assertThat(gateway.metrics().eventsDropped()).isPositive();
    assertThat(gateway.metrics().auditLost()).isZero();
    released.complete(null);
    gateway.close();

    assertThat(kept).isEqualTo(1101);
    assertThat(rig.exported().get(1101)).contains("gateway-stopped");
  }

  @Test
  void aStateThatIsNotWhatWasWrittenIsToldAtEveryStart() throws Exception {
    rig.start().close();
    Path copy = Files.createDirectory(folder.resolve("copy"));
    for (String part : List.of("ledger", "audit")) {
      Files.createDirectory(copy.resolve(part));
      try (Stream<Path> segments = Files.list(folder.resolve(part))) {
        for (Path segment : segments.toList()) {
          Files.copy(segment, copy.resolve(part).resolve(segment.getFileName()));
        }
      }
      Files.copy(folder.resolve(part + ".head"), copy.resolve(part + ".head"));
    }
    Files.copy(folder.resolve("revocations.head"), copy.resolve("revocations.head"));
    for (int i = 1; i <= 2; i++) {
      rig.told.clear();
      Gateway gateway = rig.build(rig.options(rig.devices, copy));
      gateway.start();
      gateway.close();
      assertThat(rig.told)
          .filteredOn(event -> event.severity() == SecurityEvent.Severity.ALERT)
          .allMatch(event -> event.kind().equals(SecurityEvent.STATE_COPIED))
          .allMatch(event -> event.reason().equals(Optional.of(Reason.STATE_COPIED)))
          .extracting(SecurityEvent::source)
          .containsExactly("ledger", "audit");
    }
    Path segment;
    try (Stream<Path> segments = Files.list(folder.resolve("ledger"))) {
      segment = segments.findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(whole, whole.length - 1));
    rig.told.clear();
    Gateway cut = rig.build(rig.options(rig.devices, folder));
    cut.start();
    cut.close();
    assertThat(rig.told)
        .filteredOn(event -> event.severity() == SecurityEvent.Severity.ALERT)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(SecurityEvent.STATE_ROLLED_BACK);
              assertThat(event.source()).startsWith("ledger, losses 1, first: record ");
            });
  }

  @Test
  void revocationsThatAreNotWhatWasWrittenAreToldAtEveryStart() throws Exception {
    Gateway first = rig.start();
    first.revocations().deny(KeyFingerprint.ofPskIdentity("lost"));
    first.close();
    Files.write(folder.resolve("revocations"), new byte[] {7});
    for (int i = 1; i <= 2; i++) {
      rig.told.clear();
      Gateway gateway = rig.start();
      gateway.revocations().deny(KeyFingerprint.ofPskIdentity("found"));
      gateway.close();
      assertThat(rig.told)
          .filteredOn(event -> event.severity() == SecurityEvent.Severity.ALERT)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.kind()).isEqualTo(SecurityEvent.STATE_DAMAGED);
                assertThat(event.source()).isEqualTo("revocations");
                assertThat(event.reason()).hasValue(Reason.STATE_DAMAGED);
              });
    }
  }

  @Test
  void aRegistryOfTheApplicationsOwnIsAuditedWhereItSays() throws Exception {
    StateFolder open = StateFolder.open(folder, rig.vault, rig.clock, new SecureRandom());
    Gateway gateway =
        rig.build(
            rig.stage(rig.devices, GatewayState.with(open.ledger()).auditedBy(open.trail()))
                .onSecurityEvent(rig.told::add));
    gateway.start();
    rig.register(gateway);
    gateway.close();
    assertThat(open.trail().lost()).isZero();
    // Not closed with the gateway: it is the application's.
    open.ledger().suspend(DeviceId.of("pump-1"), Cause.LOST);
    open.close();
    assertThat(rig.exported()).hasSize(3);
  }

  private static DeviceState stateOfPump(Gateway gateway) {
    return gateway.registry().find(DeviceId.of("pump-1")).orElseThrow().state();
  }
}
