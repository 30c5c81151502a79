// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Handler;
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
import io.wardgate.fixtures.TestSecret;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may do what, and what a request is answered with, whatever its handler does. */
class FrontDoorTest {

  private static final int TEXT = 0;
  private static final int OCTETS = 42;
  private static final Limits LIMITS = new Limits(2, 3, 1, Duration.ofSeconds(7));

  private final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final MapRegistry registry =
      new MapRegistry()
          .with("pump-1", Role.INFUSION_PUMP)
          .with("pump-2", Role.INFUSION_PUMP)
          .with("tag-1", Role.ASSET_TAG);
  private final PeerVerifier peers =
      new PeerVerifier(
          DeviceTrust.anchoredAt(devices.certificate())
              .and(
                  DeviceTrust.ofPreSharedKeys(
                      id ->
                          Optional.of(
                              new PreSharedKey(DeviceId.of(id), id, TestSecret.bytes(32))))),
          registry,
          clock);
  private final AccessPolicy access =
      AccessPolicy.denyAll()
          .allow(Role.INFUSION_PUMP, Method.POST, "/vitals")
          .allow(Role.INFUSION_PUMP, Method.GET, "/config")
          .allow(Role.INFUSION_PUMP, Method.PUT, "/unserved")
          .allow(Role.BEDSIDE_MONITOR, Method.POST, "/vitals")
          .allow(Role.ASSET_TAG, Method.POST, "/place");
  private final Deque<Runnable> handlerWork = new ArrayDeque<>();
  private final List<SecurityEvent> told = Collections.synchronizedList(new ArrayList<>());
  private final EventQueue events = new EventQueue(event -> {}, told::add);
  private final List<Request> handled = new ArrayList<>();
  private Handler handler =
      request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED));
  private final Freshness freshness = new Freshness(new SecureRandom(), System::nanoTime);
  private final FrontDoor door =
      new FrontDoor(peers, access, routes(), LIMITS, events, clock, freshness);

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  @Provision("5.5-4")
  @Provision("5.5-5")
  void aRoleReachesWhatItsRulesSayAndNothingElse() throws Exception {
    for (String serial : List.of("pump-1", "tag-1")) {
      AuthenticatedPeer peer = peer(serial);
      for (Method method : Method.values()) {
        for (String path : List.of("vitals", "config", "place", "unserved", "nowhere")) {
          boolean allowed = access.allows(peer.role(), method, "/" + path);
          boolean served = !path.equals("unserved") && !path.equals("nowhere");
          Status expected =
              !allowed ? Status.FORBIDDEN : served ? Status.CHANGED : Status.NOT_FOUND;
          handled.clear();
          assertThat(answer(request(peer, method, path, new byte[0])).status())
              .as("%s %s %s", serial, method, path)
              .isEqualTo(expected);
          assertThat(handled).hasSize(expected == Status.CHANGED ? 1 : 0);
          assertThat(door.refusal(head(peer, method, path, 0)).map(Response::status))
              .isEqualTo(expected == Status.CHANGED ? Optional.empty() : Optional.of(expected));
        }
      }
    }
  }

  @Test
  @Provision("5.6-2")
  void whatDoesNotExistLooksLikeWhatIsForbidden() throws Exception {
    AuthenticatedPeer tag = peer("tag-1");
    Response forbidden = answer(request(tag, Method.GET, "config", new byte[0]));
    Response nowhere = answer(request(tag, Method.GET, "nowhere", new byte[0]));
    assertThat(nowhere).usingRecursiveComparison().isEqualTo(forbidden);
    assertThat(forbidden.payload()).isEmpty();
  }

  @Test
  void aPathIsTakenLetterForLetter() throws Exception {
    AuthenticatedPeer pump = peer("pump-1");
    for (List<String> path :
        List.of(
            List.of("Vitals"),
            List.of("vitals", ""),
            List.of("", "vitals"),
            List.of("x", "..", "vitals"),
            List.of("vitals/"),
            List.of("/vitals"),
            List.<String>of())) {
      RequestHead head =
          new RequestHead(
              pump, Method.POST, path, List.of(), OptionalInt.of(TEXT), OptionalInt.empty(), 1);
      assertThat(door.refusal(head).orElseThrow().status())
          .as("%s", path)
          .isEqualTo(Status.FORBIDDEN);
    }
  }

  @Test
  void refusesAFormatTheResourceDoesNotTake() throws Exception {
    AuthenticatedPeer pump = peer("pump-1");
    assertThat(door.refusal(head(pump, "vitals", OptionalInt.of(TEXT), 5))).isEmpty();
    for (OptionalInt format : List.of(OptionalInt.of(OCTETS), OptionalInt.empty())) {
      assertThat(door.refusal(head(pump, "vitals", format, 5)).orElseThrow().status())
          .isEqualTo(Status.UNSUPPORTED_CONTENT_FORMAT);
    }
    assertThat(reasons()).containsOnly(Reason.CONTENT_FORMAT_UNSUPPORTED);
  }

  @Test
  void aRequestWithoutABodyNeedsNoFormat() throws Exception {
    assertThat(door.refusal(head(peer("pump-1"), "vitals", OptionalInt.empty(), 0))).isEmpty();
  }

  @Test
  void refusesABodyThatIsAnnouncedTooLargeAtItsHead() throws Exception {
    AuthenticatedPeer pump = peer("pump-1");
    assertThat(door.refusal(head(pump, "vitals", OptionalInt.of(TEXT), 100))).isEmpty();
    for (long announced : new long[] {101, 1L << 32, Long.MAX_VALUE}) {
      assertThat(
              door.refusal(head(pump, "vitals", OptionalInt.of(TEXT), announced))
                  .orElseThrow()
                  .status())
          .isEqualTo(Status.REQUEST_ENTITY_TOO_LARGE);
    }
    assertThat(reasons()).containsOnly(Reason.BODY_TOO_LARGE);
  }

  @Test
  void aBodyIsJudgedByWhatArrivedAlsoIfLessWasAnnounced() throws Exception {
    AuthenticatedPeer pump = peer("pump-1");
    RequestHead small = head(pump, "vitals", OptionalInt.of(TEXT), 1);
    assertThat(answer(new Request(small, new byte[101])).status())
        .isEqualTo(Status.REQUEST_ENTITY_TOO_LARGE);
    RequestHead none = head(pump, "vitals", OptionalInt.empty(), 0);
    assertThat(answer(new Request(none, new byte[1])).status())
        .isEqualTo(Status.UNSUPPORTED_CONTENT_FORMAT);
    assertThat(handled).isEmpty();
  }

  @Test
  void whoMayNotAskLearnsNothingOfFormatsAndSizes() throws Exception {
    assertThat(
            door.refusal(head(peer("tag-1"), "vitals", OptionalInt.of(OCTETS), 1L << 40))
                .orElseThrow()
                .status())
        .isEqualTo(Status.FORBIDDEN);
    assertThat(reasons()).containsExactly(Reason.ROLE_NOT_ALLOWED);
  }

  @Test
  void aMakersHandlerNeverRunsOnTheCallersThread() throws Exception {
    CompletionStage<Response> answer = door.handle(post("pump-1"));
    assertThat(handled).isEmpty();
    assertThat(answer.toCompletableFuture()).isNotDone();
    runHandlers();
    assertThat(handled).hasSize(1);
    assertThat(answer.toCompletableFuture()).isCompleted();
  }

  @Test
  void aDeviceHasNoMoreThanItsShareOutstanding() throws Exception {
    List<CompletableFuture<Response>> open = leaveOpen();
    door.handle(post("pump-1"));
    door.handle(post("pump-1"));
    runHandlers();
    Response third = answer(post("pump-1"));
    assertThat(third.status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(third.maxAge()).contains(Duration.ofSeconds(7));
    assertThat(open).hasSize(2);
    door.handle(post("pump-2"));
    runHandlers();
    assertThat(open).as("another device is not held up").hasSize(3);
    assertThat(door.outstanding()).isEqualTo(3);
  }

  @Test
  void allDevicesTogetherHaveNoMoreThanTheTotalOutstanding() throws Exception {
    List<CompletableFuture<Response>> open = leaveOpen();
    door.handle(post("pump-1"));
    door.handle(post("pump-1"));
    door.handle(post("pump-2"));
    runHandlers();
    assertThat(answer(post("pump-2")).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    open.get(0).complete(Response.of(Status.CHANGED));
    door.handle(post("pump-2"));
    runHandlers();
    assertThat(open).hasSize(4);
  }

  @Test
  void aPlaceIsGivenBackHoweverAHandlerEnds() throws Exception {
    List<Handler> endings =
        List.of(
            request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED)),
            request -> CompletableFuture.failedFuture(new IllegalStateException()),
            request -> CompletableFuture.failedFuture(refusal(Reason.BODY_TOO_LARGE)),
            request -> CompletableFuture.completedFuture(null),
            request -> null,
            request -> {
              throw new IllegalStateException();
            },
            request -> {
              throw new StackOverflowError();
            });
    for (Handler ending : endings) {
      handler = ending;
      for (int i = 0; i < 10; i++) {
        assertThat(answer(post("pump-1")).status()).isNotEqualTo(Status.SERVICE_UNAVAILABLE);
      }
      assertThat(door.outstanding()).isZero();
    }
  }

  @Test
  void aHandlerThatFailsIsAnsweredWithAnInternalError() throws Exception {
    List<Handler> failures =
        List.of(
            request -> CompletableFuture.failedFuture(new IllegalStateException("secret")),
            request -> CompletableFuture.failedFuture(new CompletionException(null)),
            request -> CompletableFuture.completedFuture(null),
            request -> null,
            request -> {
              throw new IllegalStateException("secret");
            },
            request -> {
              throw new AssertionError("secret");
            });
    for (Handler failure : failures) {
      handler = failure;
      Response answer = answer(post("pump-1"));
      assertThat(answer.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
      assertThat(answer.payload()).isEmpty();
    }
    assertThat(door.failed.sum()).isEqualTo(failures.size());
  }

  @Test
  void aFailureIsLoggedWithoutWhatItsMessageQuotes() {
    assertThat(FrontDoor.brief(new NumberFormatException("For input string: patient 4711")))
        .startsWith("java.lang.NumberFormatException at io.wardgate.gateway.FrontDoorTest")
        .doesNotContain("4711");
  }

  @Test
  void aRefusalByTheHandlerIsABadRequestAndTold() throws Exception {
    handler = request -> CompletableFuture.failedFuture(refusal(Reason.BLOCK_OUT_OF_SEQUENCE));
    assertThat(answer(post("pump-1")).status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(reasons()).containsExactly(Reason.BLOCK_OUT_OF_SEQUENCE);
  }

  @ParameterizedTest
  @EnumSource(names = {"OVERLOADED", "STATE_UNAVAILABLE", "UPLINK_UNAVAILABLE"})
  @Provision("5.9-1")
  void whatIsNotThePacksFaultIsAnsweredWithTryAgain(Reason notNow) throws Exception {
    handler = request -> CompletableFuture.failedFuture(new CompletionException(refusal(notNow)));
    Response answer = answer(post("pump-1"));
    assertThat(answer.status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(answer.maxAge()).contains(Duration.ofSeconds(7));
    assertThat(reasons()).isEmpty();
  }

  @Test
  void threadsThatTakeNoMoreAreAnsweredWithTryAgain() throws Exception {
    Resource closing = Resource.at("/vitals", request -> handler.handle(request));
    FrontDoor shut =
        new FrontDoor(
            peers,
            access,
            Map.of(
                "/vitals",
                new FrontDoor.Route(
                    closing,
                    work -> {
                      throw new RejectedExecutionException();
                    },
                    FrontDoor.Audience.BY_RULE)),
            LIMITS,
            events,
            clock,
            freshness);
    Response answer = shut.handle(post("pump-1")).toCompletableFuture().join();
    assertThat(answer.status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(shut.outstanding()).isZero();
    assertThat(shut.failed.sum()).isZero();
  }

  @Test
  void aDeviceRemovedDuringItsSessionIsRefused() throws Exception {
    Request next = post("pump-1");
    registry.remove(DeviceId.of("pump-1"));
    assertThat(answer(next).status()).isEqualTo(Status.FORBIDDEN);
    assertThat(handled).isEmpty();
    assertThat(reasons()).containsExactly(Reason.DEVICE_NOT_REGISTERED);
  }

  @Test
  void aCertificateThatExpiresDuringItsSessionIsRefused() throws Exception {
    AuthenticatedPeer pump = peers.verify(devices.issueDevice("pump-1").chain());
    assertThat(door.refusal(head(pump, Method.POST, "vitals", 0))).isEmpty();
    clock.set(pump.notAfter().plusMillis(1));
    assertThat(door.refusal(head(pump, Method.POST, "vitals", 0)).orElseThrow().status())
        .isEqualTo(Status.FORBIDDEN);
    assertThat(reasons()).containsExactly(Reason.CERTIFICATE_EXPIRED);
  }

  @Test
  void aHandlerSeesTheRoleAsItIsNow() throws Exception {
    Request next = post("pump-1");
    registry.with("pump-1", Role.BEDSIDE_MONITOR);
    assertThat(answer(next).status()).isEqualTo(Status.CHANGED);
    assertThat(handled.get(0).peer().role()).isEqualTo(Role.BEDSIDE_MONITOR);
    registry.with("pump-1", Role.ASSET_TAG);
    assertThat(answer(next).status()).isEqualTo(Status.FORBIDDEN);
  }

  @Test
  @Provision("5.6-2")
  void discoveryShowsARoleWhatItMayUseAndNothingElse() throws Exception {
    registry.with("patch-1", Role.ECG_PATCH);
    assertThat(discovered("pump-1")).isEqualTo("</config>,</vitals>");
    assertThat(discovered("tag-1")).isEqualTo("</place>");
    assertThat(discovered("patch-1")).isEmpty();
  }

  @Test
  void discoveryIsForReading() throws Exception {
    AuthenticatedPeer pump = peer("pump-1");
    for (Method method : List.of(Method.POST, Method.PUT, Method.DELETE)) {
      assertThat(answer(discovery(pump, method)).status()).isEqualTo(Status.FORBIDDEN);
    }
  }

  @Test
  @Provision("5.6-2")
  void aDeviceThatIsNotRegisteredDiscoversNothing() throws Exception {
    AuthenticatedPeer pump = peer("pump-1");
    registry.remove(pump.device());
    assertThat(answer(discovery(pump, Method.GET)).status()).isEqualTo(Status.FORBIDDEN);
  }

  @Test
  void countsWhatItAnswers() throws Exception {
    handler = request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED));
    answer(post("pump-1"));
    handler = request -> CompletableFuture.completedFuture(Response.of(Status.BAD_REQUEST));
    answer(post("pump-1"));
    handler =
        request -> CompletableFuture.completedFuture(Response.of(Status.INTERNAL_SERVER_ERROR));
    answer(post("pump-1"));
    handler =
        request -> CompletableFuture.completedFuture(Response.unavailable(Duration.ofSeconds(1)));
    answer(post("pump-1"));
    answer(request(peer("tag-1"), Method.POST, "vitals", new byte[0]));
    assertThat(door.answered.sum()).isEqualTo(1);
    assertThat(door.refused.sum()).isEqualTo(2);
    assertThat(door.failed.sum()).isEqualTo(1);
    assertThat(door.shed.sum()).isEqualTo(1);
  }

  @Test
  void tellsOfPeersWithTheirSourceAndTheReason() throws Exception {
    InetSocketAddress source =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 9}), 5555);
    door.opened(peer("pump-1"), source);
    door.refused(source, Reason.NO_CREDENTIAL);
    door.refused(peer("tag-1"), source, Reason.BLOCK_OUT_OF_SEQUENCE);
    door.refused(InetSocketAddress.createUnresolved("evil\nname", 1), Reason.UNSUPPORTED_VERSION);
    events.close();
    assertThat(told)
        .containsExactly(
            SecurityEvent.info(
                clock.instant(),
                SecurityEvent.SESSION_OPENED,
                DeviceId.of("pump-1"),
                "10.0.0.9:5555"),
            SecurityEvent.refusal(
                clock.instant(),
                SecurityEvent.PEER_REFUSED,
                null,
                "10.0.0.9:5555",
                Reason.NO_CREDENTIAL),
            SecurityEvent.refusal(
                clock.instant(),
                SecurityEvent.REQUEST_REFUSED,
                DeviceId.of("tag-1"),
                "10.0.0.9:5555",
                Reason.BLOCK_OUT_OF_SEQUENCE),
            SecurityEvent.refusal(
                clock.instant(),
                SecurityEvent.PEER_REFUSED,
                null,
                "unresolved",
                Reason.UNSUPPORTED_VERSION));
    assertThat(door.peersAdmitted.sum()).isEqualTo(1);
    assertThat(door.peersRefused.sum()).isEqualTo(2);
  }

  private Map<String, FrontDoor.Route> routes() {
    Handler makers =
        request -> {
          handled.add(request);
          return handler.handle(request);
        };
    Map<String, FrontDoor.Route> routes = new HashMap<>();
    for (Resource resource :
        List.of(
            Resource.at("/vitals", makers).accepting(TEXT).upTo(100),
            Resource.at("/config", makers),
            Resource.at("/place", makers))) {
      routes.put(
          resource.path(),
          new FrontDoor.Route(resource, handlerWork::add, FrontDoor.Audience.BY_RULE));
    }
    Discovery discovery = new Discovery(access, Set.copyOf(routes.keySet()), Map.of());
    routes.put(
        Discovery.PATH,
        new FrontDoor.Route(
            Resource.at(Discovery.PATH, discovery),
            Runnable::run,
            FrontDoor.Audience.READABLE_BY_ALL));
    return routes;
  }

  private AuthenticatedPeer peer(String serial) throws WardgateException {
    return peers.verify(serial);
  }

  private Request post(String serial) throws WardgateException {
    return request(peer(serial), Method.POST, "vitals", new byte[] {'5'});
  }

  private Request request(AuthenticatedPeer peer, Method method, String path, byte[] body) {
    return new Request(head(peer, method, path, body.length), body);
  }

  private static RequestHead head(
      AuthenticatedPeer peer, Method method, String path, long announced) {
    return new RequestHead(
        peer,
        method,
        List.of(path),
        List.of(),
        OptionalInt.of(TEXT),
        OptionalInt.empty(),
        announced);
  }

  private static RequestHead head(
      AuthenticatedPeer peer, String path, OptionalInt format, long announced) {
    return new RequestHead(
        peer, Method.POST, List.of(path), List.of(), format, OptionalInt.empty(), announced);
  }

  private static Request discovery(AuthenticatedPeer peer, Method method) {
    return new Request(
        new RequestHead(
            peer,
            method,
            List.of(".well-known", "core"),
            List.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            0),
        new byte[0]);
  }

  private String discovered(String serial) throws WardgateException {
    Response answer = answer(discovery(peer(serial), Method.GET));
    assertThat(answer.status()).isEqualTo(Status.CONTENT);
    assertThat(answer.contentFormat()).hasValue(40);
    return new String(answer.payload(), StandardCharsets.UTF_8);
  }

  private Response answer(Request request) {
    CompletableFuture<Response> answer = door.handle(request).toCompletableFuture();
    runHandlers();
    assertThat(answer).isCompleted();
    return answer.join();
  }

  private void runHandlers() {
    while (!handlerWork.isEmpty()) {
      handlerWork.remove().run();
    }
  }

  @Test
  void givesAPlaceBackWhenAHandlerNeverAnswers() throws Exception {
    List<CompletableFuture<Response>> open = leaveOpen();
    FrontDoor impatient =
        new FrontDoor(
            peers, access, routes(), LIMITS, events, clock, freshness, Duration.ofMillis(1));
    CompletableFuture<Response> answer = impatient.handle(post("pump-1")).toCompletableFuture();
    Response response = answer.get(10, TimeUnit.SECONDS);
    assertThat(response.status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(impatient.outstanding()).isZero();
    assertThat(open).hasSizeLessThanOrEqualTo(1);
  }

  private List<CompletableFuture<Response>> leaveOpen() {
    List<CompletableFuture<Response>> open = new ArrayList<>();
    handler =
        request -> {
          CompletableFuture<Response> answer = new CompletableFuture<>();
          open.add(answer);
          return answer;
        };
    return open;
  }

  /** The reasons of the requests refused so far, once all are told. */
  private List<Reason> reasons() {
    events.close();
    return told.stream()
        .filter(event -> event.kind().equals(SecurityEvent.REQUEST_REFUSED))
        .map(event -> event.reason().orElseThrow())
        .toList();
  }

  private static WardgateException refusal(Reason reason) {
    return new WardgateException(reason, "as the test wants it");
  }
}
