// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.est.EstServer;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.RequestHead;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.VerifiedChain;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way a request takes: does its peer still stand, may its role do this, is the body
 * welcome, is there room, then the handler; outcomes become answers, counters and security events
 * here and nowhere else.
 */
final class FrontDoor implements Intake {

  /**
   * A resource and where its handler may run.
   *
   * @param resource what is served
   * @param executor a maker's handlers run on the handler threads; our own never wait, so they run
   *     where they are called
   * @param audience who may reach it
   */
  record Route(Resource resource, Executor executor, Audience audience) {}

  /** Who may reach a resource. */
  enum Audience {
    /** The roles that the access policy names. */
    BY_RULE,
    /**
     * Whoever proved a credential may read it without a rule, because its answer is already cut to
     * what it may know.
     */
    READABLE_BY_ALL,
    /** Whoever proved a credential, also one that opens enrolment only: what that is for. */
    ENROLMENT
  }

  /** Reasons that mean "not now": the peer is right to try again. */
  private static final Set<Reason> TRANSIENT =
      EnumSet.of(Reason.OVERLOADED, Reason.STATE_UNAVAILABLE, Reason.UPLINK_UNAVAILABLE);

  /**
   * Longer than any handler should take and shorter than a sensor waits (60 s): then the place is
   * given back and the device told to try again.
   */
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class.getPackageName());

  private final PeerVerifier peers;
  private final AccessPolicy access;
  private final Map<String, Route> routes;

  /** Whether a device that is to be enrolled may look for where that is done. */
  private final boolean isEnrolling;

  private final Limits limits;
  private final Outstanding outstanding;
  private final EventQueue events;
  private final InstantSource clock;
  private final Duration answerWithin;
  private final RareLog rareLog;
  private final Freshness freshness;
  private final Alarm cloneAlarm;
  private final Alarm overdueAlarm;

  final LongAdder peersAdmitted = new LongAdder();
  final LongAdder peersRefused = new LongAdder();
  final LongAdder answered = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder shed = new LongAdder();
  final LongAdder failed = new LongAdder();

  FrontDoor(
      PeerVerifier peers,
      AccessPolicy access,
      Map<String, Route> routes,
      Limits limits,
      EventQueue events,
      InstantSource clock,
      Freshness freshness) {
    this(peers, access, routes, limits, events, clock, freshness, ANSWER_WITHIN);
  }

  FrontDoor(
      PeerVerifier peers,
      AccessPolicy access,
      Map<String, Route> routes,
      Limits limits,
      EventQueue events,
      InstantSource clock,
      Freshness freshness,
      Duration answerWithin) {
    this.freshness = freshness;
    this.peers = peers;
    this.access = access;
    this.routes = Map.copyOf(routes);
    this.isEnrolling =
        routes.values().stream().anyMatch(route -> route.audience() == Audience.ENROLMENT);
    this.limits = limits;
    this.outstanding = new Outstanding(limits.outstandingPerDevice(), limits.outstandingInTotal());
    this.events = events;
    this.clock = clock;
    this.answerWithin = answerWithin;
    this.rareLog = new RareLog(LOG, clock);
    this.cloneAlarm = new Alarm(clock);
    this.overdueAlarm = new Alarm(clock);
  }

  int outstanding() {
    return outstanding.count();
  }

  @Override
  public Optional<Response> refusal(RequestHead head) {
    return decide(head).refusal();
  }

  @Override
  public CompletionStage<Response> handle(Request request) {
    byte[] payload = request.payload();
    RequestHead head = withSize(request.head(), payload.length);
    Decision decision = decide(head);
    if (decision.refusal().isPresent()) {
      return CompletableFuture.completedFuture(decision.refusal().get());
    }
    AuthenticatedPeer peer = decision.peer().orElseThrow();
    Optional<Duration> window = decision.route().orElseThrow().resource().freshFor();
    if (window.isPresent()) {
      try {
        freshness.use(head.echo(), peer, window.get());
      } catch (WardgateException e) {
        return CompletableFuture.completedFuture(
            challenge(peer, window.get(), e.reason()).refusal().orElseThrow());
      }
    }
    if (!outstanding.begin(peer.device())) {
      shed.increment();
      return CompletableFuture.completedFuture(Response.unavailable(limits.retryAfter()));
    }
    Request current = new Request(withPeer(head, peer), payload);
    return call(decision.route().orElseThrow(), current)
        .handle(
            (response, failure) -> {
              outstanding.end(peer.device());
              return failure == null && response != null
                  ? counted(response)
                  : answerTo(failure, peer);
            });
  }

  @Override
  public void opened(AuthenticatedPeer peer, InetSocketAddress source) {
    peersAdmitted.increment();
    peers.came(peer);
    events.tell(
        SecurityEvent.info(
            clock.instant(), SecurityEvent.SESSION_OPENED, peer.device(), text(source)));
    if (peer.chain().filter(VerifiedChain::listOverdue).isPresent() && overdueAlarm.isDue()) {
      events.tell(
          SecurityEvent.alert(
              clock.instant(),
              SecurityEvent.REVOCATION_LIST_OVERDUE,
              text(source),
              Reason.REVOCATION_UNKNOWN));
    }
  }

  @Override
  public void refused(InetSocketAddress source, Reason reason) {
    peersRefused.increment();
    if (reason == Reason.KEY_NOT_REGISTERED && cloneAlarm.isDue()) {
      events.tell(
          SecurityEvent.alert(
              clock.instant(), SecurityEvent.CLONE_SUSPECTED, text(source), reason));
      return;
    }
    events.tell(
        SecurityEvent.refusal(
            clock.instant(), SecurityEvent.PEER_REFUSED, null, text(source), reason));
  }

  @Override
  public void refused(AuthenticatedPeer peer, InetSocketAddress source, Reason reason) {
    refused.increment();
    events.tell(
        SecurityEvent.refusal(
            clock.instant(), SecurityEvent.REQUEST_REFUSED, peer.device(), text(source), reason));
  }

  /**
   * What is decided on a head: a refusal, or the peer as it stands now and the route.
   *
   * @param refusal the answer, if the request goes no further
   * @param peer the peer with its present role, if it does
   * @param route what answers, if it does
   */
  private record Decision(
      Optional<Response> refusal, Optional<AuthenticatedPeer> peer, Optional<Route> route) {}

  private Decision decide(RequestHead head) {
    AuthenticatedPeer peer;
    try {
      peer = peers.stillStands(head.peer());
    } catch (WardgateException e) {
      tellRefused(head.peer(), e.reason());
      return refusal(Response.of(Status.FORBIDDEN).lastOfSession());
    }
    String path = head.pathText();
    Route route = routes.get(path);
    boolean enrols = route != null && route.audience() == Audience.ENROLMENT;
    boolean reads =
        route != null
            && route.audience() == Audience.READABLE_BY_ALL
            && head.method() == Method.GET;
    if (route == null && isEnrolling && path.startsWith(EstServer.BASE + "/")) {
      // RFC 9148 section 4.1: what is not offered there is not found, by whomever.
      return refuse(peer, Status.NOT_FOUND, Reason.RESOURCE_UNKNOWN);
    }
    if (peer.isToBeEnrolled() && !enrols && !(reads && isEnrolling)) {
      return refuse(peer, Status.FORBIDDEN, Reason.ENROLMENT_ONLY);
    }
    if (!enrols && !reads && !access.allows(peer.role(), head.method(), path)) {
      // Also for what does not exist: a device learns of no resource that is not its own.
      return refuse(peer, Status.FORBIDDEN, Reason.ROLE_NOT_ALLOWED);
    }
    if (route == null) {
      return refuse(peer, Status.NOT_FOUND, Reason.RESOURCE_UNKNOWN);
    }
    Resource resource = route.resource();
    if (!accepts(resource, head)) {
      return refuse(peer, Status.UNSUPPORTED_CONTENT_FORMAT, Reason.CONTENT_FORMAT_UNSUPPORTED);
    }
    if (head.announcedBytes() > resource.maxBytes()) {
      return refuse(peer, Status.REQUEST_ENTITY_TOO_LARGE, Reason.BODY_TOO_LARGE);
    }
    return decideFreshness(head, peer, route);
  }

  /** Last, so that only who may do it learns how it is asked for. */
  private Decision decideFreshness(RequestHead head, AuthenticatedPeer peer, Route route) {
    Optional<Duration> window = route.resource().freshFor();
    if (window.isPresent()) {
      try {
        freshness.require(head.echo(), peer, window.get());
      } catch (WardgateException e) {
        return challenge(peer, window.get(), e.reason());
      }
    }
    return new Decision(Optional.empty(), Optional.of(peer), Optional.of(route));
  }

  private Decision challenge(AuthenticatedPeer peer, Duration window, Reason reason) {
    if (reason == Reason.OVERLOADED) {
      shed.increment();
      return refusal(Response.unavailable(limits.retryAfter()));
    }
    if (reason != Reason.ECHO_MISSING) {
      tellRefused(peer, reason);
    }
    return refusal(Response.challenge(freshness.give(peer, window)));
  }

  private static boolean accepts(Resource resource, RequestHead head) {
    boolean hasBody = head.announcedBytes() > 0 || head.contentFormat().isPresent();
    return resource.acceptedFormats().isEmpty()
        || !hasBody
        || (head.contentFormat().isPresent()
            && resource.acceptedFormats().contains(head.contentFormat().getAsInt()));
  }

  private Decision refuse(AuthenticatedPeer peer, Status status, Reason reason) {
    tellRefused(peer, reason);
    return refusal(Response.of(status));
  }

  private static Decision refusal(Response response) {
    return new Decision(Optional.of(response), Optional.empty(), Optional.empty());
  }

  private void tellRefused(AuthenticatedPeer peer, Reason reason) {
    refused.increment();
    tell(peer, reason);
  }

  private void tell(AuthenticatedPeer peer, Reason reason) {
    events.tell(
        SecurityEvent.refusal(
            clock.instant(), SecurityEvent.REQUEST_REFUSED, peer.device(), "session", reason));
  }

  /** The head of a body that has arrived: what was announced may have been less. */
  private static RequestHead withSize(RequestHead head, int arrived) {
    return with(head, head.peer(), Math.max(head.announcedBytes(), arrived));
  }

  private static RequestHead withPeer(RequestHead head, AuthenticatedPeer peer) {
    return with(head, peer, head.announcedBytes());
  }

  private static RequestHead with(RequestHead head, AuthenticatedPeer peer, long bytes) {
    return new RequestHead(
        peer,
        head.method(),
        head.path(),
        head.queries(),
        head.contentFormat(),
        head.accept(),
        bytes,
        head.echo());
  }

  private CompletionStage<Response> call(Route route, Request request) {
    return CompletableFuture.completedFuture(request)
        .thenComposeAsync(waiting -> run(route, waiting), route.executor())
        .orTimeout(answerWithin.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Once more where the handler runs: who was revoked while it waited must move nothing, nor must a
   * command that grew old in the queue.
   */
  private CompletionStage<Response> run(Route route, Request request) {
    AuthenticatedPeer peer = request.head().peer();
    try {
      var unused = peers.stillStands(peer);
    } catch (WardgateException e) {
      tell(peer, e.reason());
      return CompletableFuture.completedFuture(Response.of(Status.FORBIDDEN).lastOfSession());
    }
    Optional<Duration> window = route.resource().freshFor();
    if (window.isPresent()) {
      try {
        freshness.requireYoungStill(request.head().echo(), window.get());
      } catch (WardgateException e) {
        tell(peer, e.reason());
        return CompletableFuture.completedFuture(
            Response.challenge(freshness.give(peer, window.get())));
      }
    }
    return route.resource().handler().handle(request);
  }

  private Response counted(Response response) {
    if (response.status().isSuccess()) {
      answered.increment();
    } else if (response.status() == Status.SERVICE_UNAVAILABLE) {
      shed.increment();
    } else if (response.status() == Status.INTERNAL_SERVER_ERROR) {
      failed.increment();
    } else {
      refused.increment();
    }
    return response;
  }

  private Response answerTo(@Nullable Throwable failure, AuthenticatedPeer peer) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TimeoutException) {
      // Without this a stage that never completes would keep its place for ever.
      failed.increment();
      rareLog.warn("no answer for {} within {}", peer.device(), answerWithin);
      return Response.unavailable(limits.retryAfter());
    }
    if (cause instanceof RejectedExecutionException) {
      // The handler threads, or a maker's own, take no more: the gateway is closing or full.
      shed.increment();
      return Response.unavailable(limits.retryAfter());
    }
    if (!(cause instanceof WardgateException refusal)) {
      failed.increment();
      rareLog.warn("a handler failed for {}: {}", peer.device(), brief(cause));
      return Response.of(Status.INTERNAL_SERVER_ERROR);
    }
    if (TRANSIENT.contains(refusal.reason())) {
      shed.increment();
      return Response.unavailable(limits.retryAfter());
    }
    tellRefused(peer, refusal.reason());
    return Response.of(Status.BAD_REQUEST);
  }

  /** Kind and place; a message may quote the payload, and a peer could cause it at will. */
  static String brief(@Nullable Throwable cause) {
    if (cause == null) {
      return "it answered nothing";
    }
    StackTraceElement[] trace = cause.getStackTrace();
    return cause.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  private static String text(InetSocketAddress source) {
    return source.getAddress() == null
        ? "unresolved"
        : source.getAddress().getHostAddress() + ":" + source.getPort();
  }
}
