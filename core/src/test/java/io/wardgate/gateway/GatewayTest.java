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
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.AuditFormat;
import io.wardgate.audit.AuditTrail;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.RequestHead;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.reading.Observation;
import io.wardgate.reading.Uplink;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From building to closing: what a gateway opens, tells and leaves behind. */
@Timeout(60)
class GatewayTest {

  private static final int SENML_JSON = 110;
  private static final Role PUMP = Role.INFUSION_PUMP;

  @TempDir private Path folder;
  @TempDir private Path safe;
  private Pkcs12Vault vault;
  private final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final Authority gateways = TestPki.authority("Gateway CA", clock);
  private final FakeTransport transport = new FakeTransport();
  private final FakeUplink uplink = new FakeUplink();
  private final List<SecurityEvent> told = Collections.synchronizedList(new ArrayList<>());
  private final List<Gateway> built = new ArrayList<>();

  @BeforeEach
  void makeVault() throws Exception {
    vault = Pkcs12Vault.create(safe.resolve("keys.p12"), "as the test wants it".toCharArray());
  }

  @AfterEach
  void closeAll() {
    transport.whenClosed = () -> {};
    built.forEach(Gateway::close);
  }

  @Test
  void buildingOpensAndWritesNothing() throws Exception {
    Path state = folder.resolve("not-made");
    Set<Thread> before = ourThreads();
    Gateway gateway = build(options(devices, state));
    assertThat(state).doesNotExist();
    assertThat(folder).isEmptyDirectory();
    assertThat(transport.opened).isZero();
    assertNoThreadsBut(before);
    assertThatIllegalStateException().isThrownBy(gateway::address);
    assertThatIllegalStateException().isThrownBy(gateway::registry);
    assertThatIllegalStateException().isThrownBy(gateway::metrics);
  }

  @Test
  @Provision("5.5-4")
  void theGatewaysOwnAuthorityIsNeverTrustedForDevices() {
    Gateway.Options options = options(gateways, folder);
    assertThatIllegalArgumentException().isThrownBy(options::build);
  }

  @Test
  void aPathIsServedOnce() {
    Gateway.Options options = options(devices, folder).resource("/config", GatewayTest::changed);
    for (String taken : List.of("/config", "/vitals", "/.well-known/core")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> options.resource(taken, GatewayTest::changed));
    }
  }

  @Test
  void startsOnce() throws Exception {
    Gateway gateway = start();
    assertThat(gateway.address()).isEqualTo(FakeTransport.ADDRESS);
    assertThatIllegalStateException().isThrownBy(gateway::start);
    assertThat(transport.opened).isEqualTo(1);
    gateway.close();
    assertThatIllegalStateException().isThrownBy(gateway::start);
    assertThatIllegalStateException().isThrownBy(gateway::address);
  }

  @Test
  void closingAgainDoesNothingMore() throws Exception {
    Gateway gateway = start();
    gateway.close();
    gateway.close();
    assertThat(transport.closed).isEqualTo(1);
    assertThat(kinds())
        .containsExactly(
            SecurityEvent.GATEWAY_STARTED,
            SecurityEvent.DEVICE_REGISTERED,
            SecurityEvent.GATEWAY_STOPPED);
  }

  @Test
  void closingNeverThrowsAndLeavesNoThread() throws Exception {
    Set<Thread> before = ourThreads();
    transport.whenClosed =
        () -> {
          throw new IllegalStateException("as the test wants it");
        };
    uplink.failToClose = true;
    Gateway gateway = start();
    assertThat(post("config", 0, "x").status()).isEqualTo(Status.CHANGED);
    assertThat(ourThreads()).isNotEqualTo(before);
    assertThatCode(gateway::close).doesNotThrowAnyException();
    assertThat(uplink.closed).isTrue();
    assertNoThreadsBut(before);
  }

  @Test
  void whatWasNeverStartedClosesItsUplinkToo() {
    build(options(devices, folder)).close();
    assertThat(uplink.closed).isTrue();
  }

  @Test
  void theUplinkOutlivesTheTransport() throws Exception {
    List<Boolean> uplinkWasClosed = new ArrayList<>();
    transport.whenClosed = () -> uplinkWasClosed.add(uplink.closed);
    start().close();
    assertThat(uplinkWasClosed).containsExactly(false);
  }

  @Test
  void anAddressThatCannotBeUsedLeavesNothingOpen() throws Exception {
    Set<Thread> before = ourThreads();
    transport.failure =
        Optional.of(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    Gateway gateway = build(options(devices, folder));
    assertThat(reasonOf(gateway::start)).isEqualTo(Reason.TRANSPORT_UNAVAILABLE);
    assertNoThreadsBut(before);
    assertThat(told).isEmpty();
    assertThatIllegalStateException().isThrownBy(gateway::address);
  }

  @Test
  void aTransportThatBreaksLeavesNothingOpen() throws Exception {
    Set<Thread> before = ourThreads();
    for (Throwable broken :
        List.of(new IllegalStateException("broken"), new NoClassDefFoundError("broken"))) {
      transport.failure = Optional.of(broken);
      Gateway gateway = build(options(devices, folder));
      assertThat(catchThrowable(gateway::start)).isSameAs(broken);
      assertNoThreadsBut(before);
    }
  }

  @Test
  void damagedStateIsRefusedBeforeAnythingIsOpened() throws Exception {
    Files.writeString(folder.resolve("devices"), "garbage");
    Set<Thread> before = ourThreads();
    Gateway gateway = build(options(devices, folder));
    assertThat(reasonOf(gateway::start)).isEqualTo(Reason.STATE_DAMAGED);
    assertThat(transport.opened).isZero();
    assertNoThreadsBut(before);
  }

  @Test
  @Provision("5.9-1")
  void whatItRegisteredItKnowsAfterARestart() throws Exception {
    Gateway first = start();
    first.close();
    Gateway second = start();
    assertThat(second.registry().find(DeviceId.of("pump-1"))).isPresent();
  }

  @Test
  void aDeviceIsActiveFromItsFirstSessionOnAlsoAfterARestart() throws Exception {
    Gateway first = start();
    assertThat(stateOfPump(first)).isEqualTo(DeviceState.ISSUED);
    door().opened(pump(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    first.close();
    assertThat(stateOfPump(start())).isEqualTo(DeviceState.ACTIVE);
  }

  @Test
  @Provision("5.5-4")
  void aDeviceThatIsRevokedGetsNoMoreAnswersInItsSession() throws Exception {
    Gateway gateway = start();
    AuthenticatedPeer session = pump();
    assertThat(send(session, "config", 0, "x").get(30, TimeUnit.SECONDS).status())
        .isEqualTo(Status.CHANGED);
    gateway.registry().revoke(session.device(), Cause.STOLEN);
    assertThat(send(session, "config", 0, "x").get(30, TimeUnit.SECONDS).status())
        .isEqualTo(Status.FORBIDDEN);
    gateway.close();
    assertThat(told).extracting(SecurityEvent::reason).contains(Optional.of(Reason.DEVICE_REVOKED));
  }

  @Test
  void itsOwnStateIsClosedWithItAndOneItWasGivenIsNot() throws Exception {
    Gateway own = start();
    DeviceRegistry registry = own.registry();
    own.close();
    assertThat(reasonOf(() -> registry.revoke(DeviceId.of("pump-1"), Cause.LOST)))
        .isEqualTo(Reason.CLOSED);
    transport.failure =
        Optional.of(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    assertThat(reasonOf(build(options(devices, folder))::start))
        .isEqualTo(Reason.TRANSPORT_UNAVAILABLE);
    transport.failure = Optional.empty();
    try (StateFolder shared = StateFolder.open(folder, vault, clock, new SecureRandom())) {
      Gateway given = build(stage(devices, GatewayState.with(shared.ledger())));
      given.start();
      given.close();
      shared.ledger().revoke(DeviceId.of("pump-1"), Cause.LOST);
    }
  }

  @Test
  void optInsAreToldAtEveryStart() throws Exception {
    start().close();
    transport.optIns = new TreeSet<>(Set.of("plain-psk", "ccm-8"));
    for (int i = 1; i <= 2; i++) {
      told.clear();
      start().close();
      assertThat(kinds())
          .containsExactly(
              SecurityEvent.GATEWAY_STARTED,
              SecurityEvent.OPT_IN_ACTIVE,
              SecurityEvent.OPT_IN_ACTIVE,
              SecurityEvent.GATEWAY_STOPPED);
      assertThat(told.subList(1, 3))
          .allMatch(event -> event.severity() == SecurityEvent.Severity.WARNING)
          .extracting(SecurityEvent::source)
          .containsExactly("ccm-8", "plain-psk");
    }
  }

  @Test
  void eventsAreToldInTheOrderThingsHappened() throws Exception {
    Gateway gateway = start();
    InetSocketAddress source =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 9}), 5555);
    door().opened(pump(), source);
    door().refused(source, Reason.UNKNOWN_AUTHORITY);
    assertThat(post("nowhere", 0, "x").status()).isEqualTo(Status.FORBIDDEN);
    gateway.close();
    assertThat(kinds())
        .containsExactly(
            SecurityEvent.GATEWAY_STARTED,
            SecurityEvent.DEVICE_REGISTERED,
            SecurityEvent.SESSION_OPENED,
            SecurityEvent.PEER_REFUSED,
            SecurityEvent.REQUEST_REFUSED,
            SecurityEvent.GATEWAY_STOPPED);
    assertThat(told).allMatch(event -> event.at().equals(clock.instant()));
  }

  @Test
  void whatIsToldStandsInTheTrail() throws Exception {
    Gateway gateway = start();
    gateway.registry().suspend(DeviceId.of("pump-1"), Cause.MAINTENANCE);
    gateway.close();

    assertThat(exported())
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
    Gateway gateway = build(options(devices, folder).onSecurityEvent(event -> released.join()));
    gateway.start();
    for (int i = 0; i < 1100; i++) {
      register(gateway, "pump-" + i);
    }
    long kept = exported().size();
    assertThat(gateway.metrics().eventsDropped()).isPositive();
    assertThat(gateway.metrics().auditLost()).isZero();
    released.complete(null);
    gateway.close();

    assertThat(kept).isEqualTo(101);
    assertThat(exported().get(101)).contains("gateway-stopped");
    assertThat(exported().get(102)).contains("events-suppressed", "1000 device-registered");
  }

  @Test
  void aStateThatIsNotWhatWasWrittenIsToldAtEveryStart() throws Exception {
    start().close();
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
    for (int i = 1; i <= 2; i++) {
      told.clear();
      Gateway gateway = build(options(devices, copy));
      gateway.start();
      gateway.close();
      assertThat(told)
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
    told.clear();
    Gateway cut = build(options(devices, folder));
    cut.start();
    cut.close();
    assertThat(told)
        .filteredOn(event -> event.severity() == SecurityEvent.Severity.ALERT)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(SecurityEvent.STATE_ROLLED_BACK);
              assertThat(event.source()).startsWith("ledger, losses 1, first: record ");
            });
  }

  @Test
  void aRegistryOfTheApplicationsOwnIsAuditedWhereItSays() throws Exception {
    StateFolder open = StateFolder.open(folder, vault, clock, new SecureRandom());
    Gateway gateway =
        build(
            stage(devices, GatewayState.with(open.ledger()).auditedBy(open.trail()))
                .onSecurityEvent(told::add));
    gateway.start();
    register(gateway);
    gateway.close();
    assertThat(open.trail().lost()).isZero();
    // Not closed with the gateway: it is the application's.
    open.ledger().suspend(DeviceId.of("pump-1"), Cause.LOST);
    open.close();
    assertThat(exported()).hasSize(3);
  }

  @Test
  void aMakersHandlerRunsOnAHandlerThread() throws Exception {
    CompletableFuture<String> thread = new CompletableFuture<>();
    Gateway gateway =
        build(
            options(devices, folder)
                .resource(
                    "/where",
                    request -> {
                      thread.complete(Thread.currentThread().getName());
                      return changed(request);
                    }));
    gateway.start();
    register(gateway);
    assertThat(post("where", 0, "x").status()).isEqualTo(Status.CHANGED);
    assertThat(thread.join()).startsWith("wardgate-handler-");
  }

  @Test
  void aReadingIsAcknowledgedOnlyOnceTheUplinkHasIt() throws Exception {
    start();
    CompletableFuture<Response> answer = postReading();
    assertThat(answer).isNotDone();
    assertThat(uplink.taken).hasSize(1);
    Observation observation = uplink.taken.get(0).get(0);
    assertThat(observation.device()).isEqualTo(DeviceId.of("pump-1"));
    assertThat(observation.role()).isEqualTo(PUMP.name());
    assertThat(observation.received()).isEqualTo(clock.instant());
    uplink.stages.get(0).complete(null);
    assertThat(answer.get(30, TimeUnit.SECONDS).status()).isEqualTo(Status.CHANGED);
  }

  @Test
  @Provision("5.9-1")
  void whateverAilsTheUplinkTheSensorIsToldToTryAgain() throws Exception {
    start();
    List<Throwable> ailments =
        List.of(
            new WardgateException(Reason.UPLINK_UNAVAILABLE, "as the test wants it"),
            new WardgateException(Reason.OVERLOADED, "as the test wants it"),
            new WardgateException(Reason.STATE_DAMAGED, "as the test wants it"),
            new IllegalStateException("as the test wants it"),
            new java.io.IOException("disk full"));
    for (Throwable ailment : ailments) {
      uplink.stages.clear();
      CompletableFuture<Response> answer = postReading();
      uplink.stages.get(0).completeExceptionally(ailment);
      Response response = answer.get(30, TimeUnit.SECONDS);
      assertThat(response.status()).as("%s", ailment).isEqualTo(Status.SERVICE_UNAVAILABLE);
      assertThat(response.maxAge()).isPresent();
    }
    uplink.failToTake = true;
    assertThat(postReading().get(30, TimeUnit.SECONDS).status())
        .isEqualTo(Status.SERVICE_UNAVAILABLE);
  }

  @Test
  void countsWhatItDid() throws Exception {
    Gateway gateway = start();
    InetSocketAddress source = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    door().opened(pump(), source);
    door().refused(source, Reason.NO_CREDENTIAL);
    assertThat(post("config", 0, "x").status()).isEqualTo(Status.CHANGED);
    assertThat(post("nowhere", 0, "x").status()).isEqualTo(Status.FORBIDDEN);
    CompletableFuture<Response> open = postReading();
    assertThat(open).isNotDone();
    assertThat(gateway.metrics()).isEqualTo(new GatewayMetrics(3, 1, 1, 1, 1, 0, 0, 1, 0, 0));
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

  private static DeviceState stateOfPump(Gateway gateway) {
    return gateway.registry().find(DeviceId.of("pump-1")).orElseThrow().state();
  }

  private Gateway.Options options(Authority trusted, Path state) {
    return stage(trusted, GatewayState.at(state, vault)).onSecurityEvent(told::add);
  }

  private Gateway.Options stage(Authority trusted, GatewayState state) {
    Credential own = gateways.issueServer("gateway.example");
    return Gateway.builder()
        .identity(GatewayIdentity.of(own.key(), own.chain()))
        .trust(DeviceTrust.anchoredAt(trusted.certificate()))
        .access(
            AccessPolicy.denyAll()
                .allow(PUMP, Method.POST, "/vitals")
                .allow(PUMP, Method.POST, "/where")
                .allow(PUMP, Method.POST, "/config"))
        .state(state)
        .transport(transport)
        .readings(uplink)
        .clock(clock);
  }

  /** The audit trail of the state in the folder. */
  private List<String> exported() throws Exception {
    SecureRandom random = new SecureRandom();
    StringBuilder out = new StringBuilder();
    AuditTrail.export(
        folder,
        StateKeys.in(vault, random).orElseThrow(),
        clock,
        random,
        AuditFormat.JSON_LINES,
        out);
    return out.toString().lines().toList();
  }

  private Gateway build(Gateway.Options options) {
    Gateway gateway = options.build();
    built.add(gateway);
    return gateway;
  }

  private Gateway start() throws WardgateException {
    Gateway gateway = build(options(devices, folder).resource("/config", GatewayTest::changed));
    gateway.start();
    register(gateway);
    return gateway;
  }

  private void register(Gateway gateway) throws WardgateException {
    if (gateway.registry().find(DeviceId.of("pump-1")).isEmpty()) {
      register(gateway, "pump-1");
    }
  }

  private void register(Gateway gateway, String id) throws WardgateException {
    gateway.registry().register(new Registration(DeviceId.of(id), PUMP, clock.instant()));
  }

  private Intake door() {
    return transport.intake.orElseThrow();
  }

  private AuthenticatedPeer pump() throws WardgateException {
    return transport.peers.orElseThrow().verify(devices.issueDevice("pump-1").chain());
  }

  private Response post(String path, int format, String body) throws Exception {
    return send(path, format, body).get(30, TimeUnit.SECONDS);
  }

  private CompletableFuture<Response> postReading() throws Exception {
    return send("vitals", SENML_JSON, "[{\"n\":\"147842\",\"u\":\"/min\",\"v\":72}]");
  }

  private CompletableFuture<Response> send(String path, int format, String body)
      throws WardgateException {
    return send(pump(), path, format, body);
  }

  private CompletableFuture<Response> send(
      AuthenticatedPeer peer, String path, int format, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return door()
        .handle(
            new Request(
                new RequestHead(
                    peer,
                    Method.POST,
                    List.of(path),
                    List.of(),
                    OptionalInt.of(format),
                    OptionalInt.empty(),
                    bytes.length),
                bytes))
        .toCompletableFuture();
  }

  private List<String> kinds() {
    return told.stream().map(SecurityEvent::kind).toList();
  }

  private static CompletionStage<Response> changed(Request request) {
    return CompletableFuture.completedFuture(Response.of(Status.CHANGED));
  }

  private static Set<Thread> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("wardgate-"))
        .collect(Collectors.toSet());
  }

  /** A pool says that it has ended a moment before its last thread has. */
  private static void assertNoThreadsBut(Set<Thread> before) throws InterruptedException {
    Set<Thread> more = ourThreads();
    more.removeAll(before);
    for (Thread thread : more) {
      thread.join(TimeUnit.SECONDS.toMillis(20));
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  /** An uplink that keeps what it takes until the test says that it is safe. */
  private static final class FakeUplink implements Uplink {

    final List<List<Observation>> taken = new ArrayList<>();
    final List<CompletableFuture<Void>> stages = new ArrayList<>();
    boolean failToTake;
    boolean failToClose;
    boolean closed;

    @Override
    public CompletionStage<Void> deliver(List<Observation> observations) {
      if (failToTake) {
        throw new IllegalStateException("as the test wants it");
      }
      CompletableFuture<Void> stage = new CompletableFuture<>();
      taken.add(observations);
      stages.add(stage);
      return stage;
    }

    @Override
    public void close() {
      closed = true;
      if (failToClose) {
        throw new IllegalStateException("as the test wants it");
      }
    }
  }
}
