// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Echo;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.RequestHead;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Role;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command is done when it was made just now, by this session, and once. */
class FreshnessTest {

  private static final Duration WINDOW = Resource.COMMAND_FRESH_FOR;
  private static final String STOP = "/infusion/stop";

  private final ObedientClock clock = ObedientClock.at("2026-11-26T12:00:00Z");
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final PeerVerifier peers =
      new PeerVerifier(
          DeviceTrust.anchoredAt(devices.certificate()),
          new MapRegistry()
              .with("pump-1", Role.INFUSION_PUMP)
              .with("pump-2", Role.INFUSION_PUMP)
              .with("tag-1", Role.ASSET_TAG),
          clock);
  private final AtomicLong nanos = new AtomicLong(-11);
  private final Freshness freshness = new Freshness(new SecureRandom(), nanos::get);
  private final List<Request> done = new ArrayList<>();
  private final List<SecurityEvent> told = Collections.synchronizedList(new ArrayList<>());
  private final EventQueue events = new EventQueue(told::add, event -> {});
  private FrontDoor door;
  private AuthenticatedPeer pump;

  @BeforeEach
  void open() throws Exception {
    door = door(Runnable::run);
    pump = session("pump-1");
  }

  private FrontDoor door(Executor handlers) {
    Resource stop =
        Resource.command(
            STOP,
            request -> {
              done.add(request);
              return CompletableFuture.completedFuture(Response.of(Status.CHANGED));
            });
    return new FrontDoor(
        peers,
        AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, STOP),
        Map.of(STOP, new FrontDoor.Route(stop, handlers, FrontDoor.Audience.BY_RULE)),
        Limits.DEFAULT,
        events,
        clock,
        freshness);
  }

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  @Provision("5.5-5")
  void aCommandIsAskedForAgainAndThenDone() {
    Response first = command(pump, Optional.empty());
    assertThat(first.status()).isEqualTo(Status.UNAUTHORIZED);
    assertThat(done).isEmpty();
    assertThat(told).as("being asked is no refusal").isEmpty();
    assertThat(command(pump, first.echo()).status()).isEqualTo(Status.CHANGED);
    assertThat(done).hasSize(1);
  }

  @Test
  @Provision("5.5-5")
  void stopInfusionReleasedLateIsNotDone() {
    Optional<Echo> echo = command(pump, Optional.empty()).echo();
    nanos.addAndGet(WINDOW.toNanos() + 1);
    Response late = command(pump, echo);
    assertThat(late.status()).isEqualTo(Status.UNAUTHORIZED);
    assertThat(done).isEmpty();
    assertThat(reasons()).containsExactly(Reason.REQUEST_NOT_FRESH);
    assertThat(command(pump, late.echo()).status()).isEqualTo(Status.CHANGED);
  }

  @Test
  @Provision("5.5-5")
  void aCommandThatGrewOldInTheQueueIsNotDone() {
    List<Runnable> queue = new ArrayList<>();
    door = door(queue::add);
    Optional<Echo> echo = command(pump, Optional.empty()).echo();
    CompletableFuture<Response> answer = begin(pump, echo);
    nanos.addAndGet(WINDOW.toNanos() + 1);
    queue.forEach(Runnable::run);
    assertThat(answer).isCompletedWithValueMatching(late -> late.status() == Status.UNAUTHORIZED);
    assertThat(done).isEmpty();
    assertThat(reasons()).containsExactly(Reason.REQUEST_NOT_FRESH);
    door = door(Runnable::run);
    assertThat(command(pump, answer.join().echo()).status()).isEqualTo(Status.CHANGED);
  }

  @Test
  void aCommandIsGoodToTheEndOfItsWindow() {
    Optional<Echo> echo = command(pump, Optional.empty()).echo();
    nanos.addAndGet(WINDOW.toNanos());
    assertThat(command(pump, echo).status()).isEqualTo(Status.CHANGED);
  }

  @Test
  void aCommandIsDoneOnce() {
    Optional<Echo> echo = command(pump, Optional.empty()).echo();
    assertThat(command(pump, echo).status()).isEqualTo(Status.CHANGED);
    assertThat(command(pump, echo).status()).isEqualTo(Status.UNAUTHORIZED);
    assertThat(done).hasSize(1);
    assertThat(reasons()).containsExactly(Reason.REQUEST_NOT_FRESH);
  }

  @Test
  void whatAnotherSessionOrDeviceWasGivenIsNoUse() throws Exception {
    Optional<Echo> echo = command(pump, Optional.empty()).echo();
    for (AuthenticatedPeer other : List.of(session("pump-2"), session("pump-1"))) {
      assertThat(command(other, echo).status()).isEqualTo(Status.UNAUTHORIZED);
    }
    assertThat(done).isEmpty();
  }

  @Test
  void noMutationOrTruncationIsTaken() {
    byte[] good = command(pump, Optional.empty()).echo().orElseThrow().toBytes();
    for (int i = 0; i < good.length; i++) {
      byte[] mutant = good.clone();
      mutant[i] ^= 1;
      refused(mutant);
      if (i > 0) {
        refused(Arrays.copyOf(good, i));
      }
    }
    refused(Arrays.copyOf(good, good.length + 1));
    assertThat(done).isEmpty();
  }

  @Test
  void whoMayNotLearnsNotHowItIsAskedFor() throws Exception {
    Response answer = command(session("tag-1"), Optional.empty());
    assertThat(answer.status()).isEqualTo(Status.FORBIDDEN);
    assertThat(answer.echo()).isEmpty();
  }

  @Test
  void remembersABoundedNumberAndForgetsWhatIsOver() throws Exception {
    MapRegistry fleet = new MapRegistry();
    int devices = Freshness.REMEMBERED / Freshness.REMEMBERED_OF_ONE;
    for (int i = 0; i < devices; i++) {
      fleet = fleet.with("pump-" + i, Role.INFUSION_PUMP);
    }
    PeerVerifier all =
        new PeerVerifier(DeviceTrust.anchoredAt(this.devices.certificate()), fleet, clock);
    for (int i = 0; i < devices; i++) {
      AuthenticatedPeer one = all.verify(this.devices.issueDevice("pump-" + i).chain());
      for (int j = 0; j < Freshness.REMEMBERED_OF_ONE; j++) {
        use(one);
      }
    }
    assertThat(reasonOf(() -> use(session("tag-1")))).isEqualTo(Reason.OVERLOADED);
    nanos.addAndGet(WINDOW.toNanos() + 1);
    use(pump);
  }

  @Test
  void oneDeviceDoesNotKeepTheOthersFromGivingCommands() throws Exception {
    for (int i = 0; i < Freshness.REMEMBERED_OF_ONE; i++) {
      use(pump);
    }
    assertThat(reasonOf(() -> use(pump))).isEqualTo(Reason.OVERLOADED);
    use(session("pump-2"));
  }

  @Test
  void commandsThatMayBeOldDoNotKeepTheirDeviceFromThoseThatMayNot() throws Exception {
    Duration longer = Duration.ofMinutes(5);
    for (int i = 0; i < Freshness.REMEMBERED_OF_ONE; i++) {
      freshness.use(Optional.of(freshness.give(pump, longer)), pump, longer);
    }
    Optional<Echo> next = Optional.of(freshness.give(pump, longer));
    assertThat(reasonOf(() -> freshness.use(next, pump, longer))).isEqualTo(Reason.OVERLOADED);
    use(pump);
  }

  @Test
  void anEchoIsNoGoodWhereRequestsMayBeOlderThanWhereItWasGiven() throws Exception {
    Optional<Echo> echo = Optional.of(freshness.give(pump, WINDOW));
    assertThat(reasonOf(() -> freshness.use(echo, pump, WINDOW.multipliedBy(2))))
        .isEqualTo(Reason.REQUEST_NOT_FRESH);
    freshness.use(echo, pump, WINDOW);
  }

  private void use(AuthenticatedPeer peer) throws Exception {
    freshness.use(Optional.of(freshness.give(peer, WINDOW)), peer, WINDOW);
  }

  @Test
  void anEchoAndAWindowHaveLimits() {
    for (String odd : List.of("", "0", "AB", "00".repeat(41))) {
      assertThatThrownBy(() -> new Echo(odd)).isInstanceOf(IllegalArgumentException.class);
    }
    Resource resource = Resource.command("/x", request -> new CompletableFuture<>());
    for (Duration odd : List.of(Duration.ofMillis(999), Duration.ofMinutes(6))) {
      assertThatThrownBy(() -> resource.freshFor(odd)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private void refused(byte[] echo) {
    assertThat(command(pump, Optional.of(Echo.of(echo))).status()).isEqualTo(Status.UNAUTHORIZED);
  }

  private AuthenticatedPeer session(String serial) throws Exception {
    return peers.verify(devices.issueDevice(serial).chain());
  }

  private Response command(AuthenticatedPeer peer, Optional<Echo> echo) {
    return begin(peer, echo).join();
  }

  private CompletableFuture<Response> begin(AuthenticatedPeer peer, Optional<Echo> echo) {
    RequestHead head =
        new RequestHead(
            peer,
            Method.POST,
            List.of("infusion", "stop"),
            List.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            0,
            echo);
    return door.handle(new Request(head, new byte[0])).toCompletableFuture();
  }

  private List<Reason> reasons() {
    return told.stream().flatMap(event -> event.reason().stream()).toList();
  }
}
