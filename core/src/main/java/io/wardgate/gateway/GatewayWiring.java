// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.AuditTrail;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.est.Est;
import io.wardgate.est.EstServer;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.TrustworthyRuntime;
import io.wardgate.keys.NewerFormatException;
import io.wardgate.keys.TokenHealth;
import io.wardgate.reading.ReadingHandler;
import io.wardgate.reading.SenmlFormat;
import io.wardgate.reading.Uplink;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.time.ClockState;
import io.wardgate.time.TrustedClock;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a gateway together when it starts, and takes them apart in reverse. */
final class GatewayWiring {

  /** The parts that exist while the gateway runs. */
  record Running(
      GatewayState.Opened state,
      EventQueue events,
      FrontDoor door,
      ExecutorService handlers,
      ExecutorService enrolling,
      Optional<EstServer> est,
      Transport.Endpoint endpoint,
      TrustedClock clock,
      DeviceRegistry registry) {}

  private static final Logger LOG = LoggerFactory.getLogger(GatewayWiring.class.getPackageName());
  private static final long HANDLER_CLOSE_SECONDS = 2;

  /** Requests for certificates that may wait for their turn; each takes some milliseconds. */
  private static final int MOST_TO_BE_ENROLLED = 64;

  /** No real time is before this version's first day. */
  private static final Instant BUILT = Instant.parse("2026-11-01T00:00:00Z");

  private static final Optional<TokenHealth.State> DEGRADED =
      Optional.of(TokenHealth.State.DEGRADED);

  private final GatewayIdentity identity;
  private final DeviceTrust trust;
  private final AccessPolicy access;
  private final GatewayState state;
  private final Transport transport;
  private final @Nullable Uplink uplink;
  private final @Nullable Est est;
  private final List<Resource> resources;
  private final Consumer<SecurityEvent> listener;
  private final Limits limits;
  private final InstantSource system;
  private final @Nullable TrustedClock given;
  private final SecureRandom random;

  /** As far as it may be believed once the gateway runs; until then the system's. */
  private volatile InstantSource clock;

  private @Nullable Running running;
  private boolean used;

  GatewayWiring(
      GatewayIdentity identity,
      DeviceTrust trust,
      AccessPolicy access,
      GatewayState state,
      Transport transport,
      @Nullable Uplink uplink,
      @Nullable Est est,
      Collection<Resource> resources,
      Consumer<SecurityEvent> listener,
      Limits limits,
      InstantSource system,
      @Nullable TrustedClock given,
      SecureRandom random) {
    this.identity = identity;
    this.trust = trust;
    this.access = access;
    this.state = state;
    this.transport = transport;
    this.uplink = uplink;
    this.est = est;
    this.resources = List.copyOf(resources);
    this.listener = listener;
    this.limits = limits;
    this.system = system;
    this.given = given;
    this.clock = system;
    this.random = random;
  }

  synchronized void start() throws WardgateException {
    if (used) {
      throw new IllegalStateException("a gateway starts once");
    }
    TrustworthyRuntime.require();
    Set<String> optIns = transport.optIns();
    GatewayState.Opened opened = state.open(system, random);
    used = true;
    if (est != null && !(opened.registry() instanceof LedgerRegistry)) {
      opened.closing().run();
      throw new IllegalStateException("devices are enrolled into a ledger, and there is none");
    }
    EventQueue events = new EventQueue(opened::record, listener);
    ExecutorService handlers =
        threads("wardgate-handler-", limits.handlerThreads(), limits.outstandingInTotal());
    ExecutorService enrolling = threads("wardgate-est-", 1, MOST_TO_BE_ENROLLED);
    TrustedClock trusted = given == null ? following(opened, handlers, events) : given;
    clock = () -> trusted.read().instant();
    PeerVerifier known =
        new PeerVerifier(trust, opened.revocations(), opened.registry(), trusted::read);
    Optional<LedgerRegistry> ledger = enrollingInto(opened);
    Optional<EstServer> enrolment =
        ledger.map(
            into ->
                Objects.requireNonNull(est)
                    .serve(into, trusted::read, events::tell, System::nanoTime));
    PeerVerifier peers = ledger.map(into -> known.enrolling(into::mayAsk)).orElse(known);
    FrontDoor door =
        new FrontDoor(
            peers,
            access,
            routes(handlers, enrolling, enrolment),
            limits,
            events,
            clock,
            new Freshness(random, System::nanoTime));
    try {
      forgetSessionsOfWhoIsOut(opened);
      Transport.Endpoint endpoint = transport.open(identity, peers, door, opened.sessions());
      running =
          new Running(
              opened,
              events,
              door,
              handlers,
              enrolling,
              enrolment,
              endpoint,
              trusted,
              AuditedRegistry.of(opened.registry(), events::tell, clock)
                  .ending(
                      device -> {
                        endpoint.end(peer -> peer.device().equals(device));
                        opened.sessions().forget(device);
                      }));
      opened
          .revocations()
          .whenChanged(
              () -> {
                endpoint.end(peer -> !peers.stands(peer));
                events.tell(
                    SecurityEvent.info(
                        clock.instant(), SecurityEvent.REVOCATIONS_CHANGED, null, "local"));
              });
    } catch (WardgateException | RuntimeException | Error e) {
      handlers.shutdownNow();
      enrolling.shutdownNow();
      events.close();
      opened.closing().run();
      throw e;
    }
    identity.tokenHealth().ifPresent(token -> token.whenChanged(state -> tell(events, state)));
    Instant now = clock.instant();
    events.tell(SecurityEvent.info(now, SecurityEvent.GATEWAY_STARTED, null, "local"));
    opened.findings(now).forEach(events::tell);
    for (String optIn : optIns) {
      LOG.warn("a named opt-in weakens a default: {}", optIn);
      events.tell(
          new SecurityEvent(
              now,
              SecurityEvent.OPT_IN_ACTIVE,
              SecurityEvent.Severity.WARNING,
              Optional.empty(),
              optIn,
              Optional.empty()));
    }
  }

  private Optional<LedgerRegistry> enrollingInto(GatewayState.Opened opened) {
    return est != null && opened.registry() instanceof LedgerRegistry ledger
        ? Optional.of(ledger)
        : Optional.empty();
  }

  /** Taken out of service while no gateway ran: their secrets are of use to nobody any more. */
  private static void forgetSessionsOfWhoIsOut(GatewayState.Opened opened) {
    for (Registration known : opened.registry().all()) {
      if (known.state().refusal().isPresent()) {
        opened.sessions().forget(known.device());
      }
    }
  }

  /** The system's clock, checked against the latest time this gateway ever believed. */
  private TrustedClock following(
      GatewayState.Opened opened, ExecutorService handlers, EventQueue events)
      throws WardgateException {
    try {
      return TrustedClock.following(
          system,
          System::nanoTime,
          BUILT,
          opened.timeFloor(),
          work -> whenFree(handlers, work),
          state -> tell(events, state));
    } catch (IOException e) {
      handlers.shutdownNow();
      events.close();
      opened.closing().run();
      throw new WardgateException(
          e instanceof NewerFormatException ? Reason.STATE_NEWER : Reason.STATE_UNAVAILABLE,
          "the latest time cannot be read",
          e);
    }
  }

  private static void whenFree(ExecutorService handlers, Runnable work) {
    try {
      handlers.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("no thread is free to keep the time", e);
    }
  }

  private void tell(EventQueue events, ClockState state) {
    Instant now = system.instant();
    events.tell(
        state == ClockState.SYNCED
            ? SecurityEvent.info(now, SecurityEvent.CLOCK_BELIEVED, null, "local")
            : SecurityEvent.alert(
                now, SecurityEvent.CLOCK_NOT_BELIEVED, "local", Reason.TIME_NOT_BELIEVED));
  }

  private void tell(EventQueue events, TokenHealth.State state) {
    Instant now = clock.instant();
    events.tell(
        state == TokenHealth.State.DEGRADED
            ? SecurityEvent.alert(
                now, SecurityEvent.TOKEN_DEGRADED, "local", Reason.TOKEN_UNAVAILABLE)
            : SecurityEvent.info(now, SecurityEvent.TOKEN_RECOVERED, null, "local"));
  }

  synchronized Running running() {
    if (running == null) {
      throw new IllegalStateException("the gateway is not running");
    }
    return running;
  }

  GatewayMetrics metrics() {
    Running now = running();
    FrontDoor door = now.door();
    return new GatewayMetrics(
        now.endpoint().sessions(),
        now.endpoint().resumed(),
        now.endpoint().restored(),
        door.peersAdmitted.sum(),
        door.peersRefused.sum(),
        door.answered.sum(),
        door.refused.sum(),
        door.shed.sum(),
        door.failed.sum(),
        door.outstanding(),
        now.events().dropped(),
        now.state().trail().map(AuditTrail::lost).orElse(0L),
        identity.tokenHealth().map(TokenHealth::state).equals(DEGRADED));
  }

  synchronized void close() {
    used = true;
    if (running != null) {
      Running parts = running;
      running = null;
      quietly("transport", parts.endpoint()::close);
      quietly("clock", parts.clock()::close);
      parts.handlers().shutdown();
      parts.enrolling().shutdown();
      endWork(parts.handlers());
      endWork(parts.enrolling());
      parts
          .events()
          .tell(SecurityEvent.info(clock.instant(), SecurityEvent.GATEWAY_STOPPED, null, "local"));
      parts.events().close();
      quietly("state", parts.state().closing()::run);
    }
    if (uplink != null) {
      quietly("uplink", uplink::close);
    }
  }

  private static void endWork(ExecutorService threads) {
    try {
      if (!threads.awaitTermination(HANDLER_CLOSE_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, FrontDoor.Route> routes(
      ExecutorService handlers, ExecutorService enrolling, Optional<EstServer> enrolment) {
    Map<String, FrontDoor.Route> routes = new HashMap<>();
    for (Resource resource : resources) {
      routes.put(
          resource.path(), new FrontDoor.Route(resource, handlers, FrontDoor.Audience.BY_RULE));
    }
    if (uplink != null) {
      Resource readings =
          Resource.at(
                  Gateway.Options.READINGS_PATH,
                  ReadingHandler.into(uplink, clock, System::nanoTime, random))
              .accepting(
                  SenmlFormat.SENML_CBOR.contentFormat(), SenmlFormat.SENML_JSON.contentFormat());
      routes.put(
          readings.path(),
          new FrontDoor.Route(readings, Runnable::run, FrontDoor.Audience.BY_RULE));
    }
    Set<String> paths = Set.copyOf(routes.keySet());
    routes.put(
        Discovery.PATH,
        new FrontDoor.Route(
            Resource.at(
                Discovery.PATH,
                new Discovery(access, paths, enrolment.isPresent() ? EstServer.links() : Map.of())),
            Runnable::run,
            FrontDoor.Audience.READABLE_BY_ALL));
    enrolment.ifPresent(
        server -> {
          for (Resource resource : server.answeringAtOnce()) {
            routes.put(
                resource.path(),
                new FrontDoor.Route(resource, Runnable::run, FrontDoor.Audience.ENROLMENT));
          }
          for (Resource resource : server.takingTheirTime()) {
            routes.put(
                resource.path(),
                new FrontDoor.Route(resource, enrolling, FrontDoor.Audience.ENROLMENT));
          }
        });
    return routes;
  }

  /**
   * Threads that hold no more than {@code queued}: for handlers what Outstanding lets through, so
   * that they are full only of work whose callers have long been told 5.03.
   */
  private static ExecutorService threads(String name, int size, int queued) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        size,
        size,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(queued),
        work -> {
          Thread thread = new Thread(work, name + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  private static void quietly(String part, Closing closing) {
    try {
      closing.close();
    } catch (Exception e) {
      // close() promises not to throw; the other parts still have to be closed.
      LOG.warn("the {} did not close cleanly", part, e);
    }
  }

  @FunctionalInterface
  private interface Closing {
    void close() throws Exception;
  }
}
