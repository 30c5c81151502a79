// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.audit.SecurityEvent.Severity;
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
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.RevocationPolicy;
import io.wardgate.identity.Revocations;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Role;
import io.wardgate.time.ClockReading;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session does not outlive what it was opened on, and what is grave about a peer is an alarm. */
class PeerStandingTest {

  private static final InetSocketAddress SOURCE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 5555);
  private static final String PATH = "/vitals";

  private final ObedientClock clock = ObedientClock.at("2026-11-26T12:00:00Z");
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final Authority maker = TestPki.authority("Maker CA", clock);
  private final Credential pump = devices.issueDevice("pump-1");
  private final MapRegistry registry = new MapRegistry().with("pump-1", Role.INFUSION_PUMP);
  private final Revocations revocations = Revocations.inMemory();
  private final PeerVerifier peers =
      new PeerVerifier(
          DeviceTrust.anchoredAt(devices.certificate())
              .and(DeviceTrust.manufacturer("", maker.certificate()))
              .with(new RevocationPolicy(false, Duration.ofHours(1))),
          revocations,
          registry,
          () -> ClockReading.synced(clock.instant()));
  private final List<SecurityEvent> told = Collections.synchronizedList(new ArrayList<>());
  private final EventQueue events = new EventQueue(told::add, event -> {});
  private final Freshness freshness = new Freshness(new SecureRandom(), System::nanoTime);
  private final FrontDoor door =
      new FrontDoor(
          peers,
          AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, PATH),
          Map.of(
              PATH,
              new FrontDoor.Route(
                  Resource.at(
                      PATH,
                      request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED))),
                  Runnable::run,
                  FrontDoor.Audience.READABLE_BY_ALL)),
          Limits.DEFAULT,
          events,
          clock,
          freshness);

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  @Provision("5.5-4")
  void aManufacturersCertificateOpensNothingButEnrolment() throws Exception {
    AuthenticatedPeer newborn = peers.verify(maker.issueDevice("pump-1").chain());
    door.opened(newborn, SOURCE);
    assertThat(post(newborn).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(ask(newborn, Method.GET).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(reasons()).containsExactly(Reason.ENROLMENT_ONLY, Reason.ENROLMENT_ONLY);
    assertThat(registry.find(DeviceId.of("pump-1")).orElseThrow().state())
        .isEqualTo(DeviceState.ISSUED);
  }

  @Test
  void aCertificateRevokedDuringItsSessionIsRefusedFromThenOn() throws Exception {
    AuthenticatedPeer peer = peers.verify(pump.chain());
    assertThat(post(peer).status()).isEqualTo(Status.CHANGED);
    revocations.accept(
        devices.revocationList().revoking(pump.leaf()).sign(), List.of(devices.certificate()));
    assertThat(post(peer).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(reasons()).containsExactly(Reason.CERTIFICATE_REVOKED);
  }

  @Test
  void aSessionOutlivesNeitherItsCertificateNorTheAuthorityAboveIt() throws Exception {
    Duration left = Duration.ofDays(1);
    Instant end = clock.instant().plus(left);
    Authority ending = devices.intermediate("Line").validTo(end).issueAuthority();
    Authority going = devices.issueIntermediate("Line 2");
    AuthenticatedPeer below = peers.verify(ending.issueDevice("pump-1").chain());
    AuthenticatedPeer itself = peers.verify(going.device("pump-1").validTo(end).issue().chain());
    clock.advance(left);
    assertThat(post(below).status()).isEqualTo(Status.CHANGED);
    assertThat(post(itself).status()).isEqualTo(Status.CHANGED);
    clock.advance(Duration.ofSeconds(1));
    assertThat(post(below).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(post(itself).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(reasons()).containsExactly(Reason.CERTIFICATE_EXPIRED, Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  @Provision("5.4-4")
  void aCloneIsAnAlarmOnceAMinute() {
    door.refused(SOURCE, Reason.KEY_NOT_REGISTERED);
    door.refused(SOURCE, Reason.KEY_NOT_REGISTERED);
    clock.advance(Alarm.QUIET);
    door.refused(SOURCE, Reason.KEY_NOT_REGISTERED);
    assertThat(kinds())
        .containsExactly(
            SecurityEvent.CLONE_SUSPECTED,
            SecurityEvent.PEER_REFUSED,
            SecurityEvent.CLONE_SUSPECTED);
    assertThat(told.get(0).severity()).isEqualTo(Severity.ALERT);
  }

  @Test
  void anAlarmIsNotSilencedByAClockThatIsSetBack() {
    Alarm alarm = new Alarm(clock);
    assertThat(alarm.isDue()).isTrue();
    assertThat(alarm.isDue()).isFalse();
    clock.advance(Duration.ofDays(-1));
    assertThat(alarm.isDue()).isTrue();
  }

  @Test
  void whoIsLetInByAnOverdueListIsAnAlarm() throws Exception {
    revocations.accept(
        devices.revocationList().until(clock.instant().minusSeconds(1)).sign(),
        List.of(devices.certificate()));
    AuthenticatedPeer peer = peers.verify(pump.chain());
    door.opened(peer, SOURCE);
    door.opened(peer, SOURCE);
    assertThat(kinds())
        .containsExactly(
            SecurityEvent.SESSION_OPENED,
            SecurityEvent.REVOCATION_LIST_OVERDUE,
            SecurityEvent.SESSION_OPENED);
    assertThat(told.get(1).severity()).isEqualTo(Severity.ALERT);
    assertThat(post(peer).status()).isEqualTo(Status.CHANGED);
    clock.advance(Duration.ofHours(1));
    assertThat(post(peer).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(reasons()).last().isEqualTo(Reason.REVOCATION_UNKNOWN);
  }

  @Test
  void sessionsEndOnceADeviceIsOutOfServiceAndNotBefore() throws Exception {
    List<DeviceId> ended = new ArrayList<>();
    DeviceRegistry audited =
        AuditedRegistry.of(registry, event -> assertThat(ended).isNotEmpty(), clock)
            .ending(
                device -> {
                  assertThat(registry.find(device).orElseThrow().state().refusal()).isPresent();
                  ended.add(device);
                });
    DeviceId device = DeviceId.of("pump-1");
    assertThat(reasonOf(() -> audited.revoke(DeviceId.of("nobody"), Cause.LOST)))
        .isEqualTo(Reason.DEVICE_NOT_REGISTERED);
    assertThat(ended).isEmpty();
    audited.suspend(device, Cause.LOST);
    audited.resume(device);
    audited.revoke(device, Cause.STOLEN);
    assertThat(ended).containsExactly(device, device);
  }

  @Test
  void whoIsRevokedWhileItsWorkWaitsMovesNothing() throws Exception {
    AuthenticatedPeer peer = peers.verify(pump.chain());
    List<Runnable> waiting = new ArrayList<>();
    List<Request> moved = new ArrayList<>();
    FrontDoor busy =
        new FrontDoor(
            peers,
            AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, PATH),
            Map.of(
                PATH,
                new FrontDoor.Route(
                    Resource.at(
                        PATH,
                        request -> {
                          moved.add(request);
                          return CompletableFuture.completedFuture(Response.of(Status.CHANGED));
                        }),
                    waiting::add,
                    FrontDoor.Audience.BY_RULE)),
            Limits.DEFAULT,
            events,
            clock,
            freshness);
    CompletableFuture<Response> answer =
        busy.handle(new Request(head(peer, Method.POST), new byte[0])).toCompletableFuture();
    registry.revoke(DeviceId.of("pump-1"), Cause.STOLEN);
    waiting.forEach(Runnable::run);
    assertThat(moved).isEmpty();
    assertThat(answer.join().endsSession()).isTrue();
    assertThat(reasons()).containsExactly(Reason.DEVICE_REVOKED);
  }

  private Response post(AuthenticatedPeer peer) {
    return ask(peer, Method.POST);
  }

  private Response ask(AuthenticatedPeer peer, Method method) {
    return door.handle(new Request(head(peer, method), new byte[0])).toCompletableFuture().join();
  }

  private static RequestHead head(AuthenticatedPeer peer, Method method) {
    return new RequestHead(
        peer, method, List.of("vitals"), List.of(), OptionalInt.empty(), OptionalInt.empty(), 0);
  }

  private List<String> kinds() {
    return told.stream().map(SecurityEvent::kind).toList();
  }

  private List<Reason> reasons() {
    return told.stream().flatMap(event -> event.reason().stream()).toList();
  }
}
