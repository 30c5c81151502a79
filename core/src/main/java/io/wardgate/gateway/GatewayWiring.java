// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.AuditTrail;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.TrustworthyRuntime;
import io.wardgate.keys.TokenHealth;
import io.wardgate.reading.ReadingHandler;
import io.wardgate.reading.SenmlFormat;
import io.wardgate.reading.Uplink;
import io.wardgate.registry.DeviceRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
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
      Transport.Endpoint endpoint,
      DeviceRegistry registry) {}

  private static final Logger LOG = LoggerFactory.getLogger(GatewayWiring.class.getPackageName());
  private static final long HANDLER_CLOSE_SECONDS = 2;
  private static final Optional<TokenHealth.State> DEGRADED =
      Optional.of(TokenHealth.State.DEGRADED);

  private final GatewayIdentity identity;
  private final DeviceTrust trust;
  private final AccessPolicy access;
  private final GatewayState state;
  private final Transport transport;
  private final @Nullable Uplink uplink;
  private final List<Resource> resources;
  private final Consumer<SecurityEvent> listener;
  private final Limits limits;
  private final InstantSource clock;
  private final SecureRandom random;

  private @Nullable Running running;
  private boolean used;

  GatewayWiring(
      GatewayIdentity identity,
      DeviceTrust trust,
      AccessPolicy access,
      GatewayState state,
      Transport transport,
      @Nullable Uplink uplink,
      Collection<Resource> resources,
      Consumer<SecurityEvent> listener,
      Limits limits,
      InstantSource clock,
      SecureRandom random) {
    this.identity = identity;
    this.trust = trust;
    this.access = access;
    this.state = state;
    this.transport = transport;
    this.uplink = uplink;
    this.resources = List.copyOf(resources);
    this.listener = listener;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  synchronized void start() throws WardgateException {
    if (used) {
      throw new IllegalStateException("a gateway starts once");
    }
    TrustworthyRuntime.require();
    Set<String> optIns = transport.optIns();
    GatewayState.Opened opened = state.open(clock, random);
    used = true;
    PeerVerifier peers = new PeerVerifier(trust, opened.revocations(), opened.registry(), clock);
    EventQueue events = new EventQueue(opened::record, listener);
    ExecutorService handlers = handlerThreads();
    FrontDoor door = new FrontDoor(peers, access, routes(handlers), limits, events, clock);
    try {
      Transport.Endpoint endpoint = transport.open(identity, peers, door);
      running =
          new Running(
              opened,
              events,
              door,
              handlers,
              endpoint,
              AuditedRegistry.of(opened.registry(), events::tell, clock)
                  .ending(device -> endpoint.end(peer -> peer.device().equals(device))));
      opened.revocations().whenChanged(() -> endpoint.end(peer -> !peers.stands(peer)));
    } catch (WardgateException | RuntimeException | Error e) {
      handlers.shutdownNow();
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
      parts.handlers().shutdown();
      try {
        if (!parts.handlers().awaitTermination(HANDLER_CLOSE_SECONDS, TimeUnit.SECONDS)) {
          parts.handlers().shutdownNow();
        }
      } catch (InterruptedException e) {
        parts.handlers().shutdownNow();
        Thread.currentThread().interrupt();
      }
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

  private Map<String, FrontDoor.Route> routes(ExecutorService handlers) {
    Map<String, FrontDoor.Route> routes = new HashMap<>();
    for (Resource resource : resources) {
      routes.put(resource.path(), new FrontDoor.Route(resource, handlers, false));
    }
    if (uplink != null) {
      Resource readings =
          Resource.at(Gateway.Options.READINGS_PATH, ReadingHandler.into(uplink, clock, random))
              .accepting(
                  SenmlFormat.SENML_CBOR.contentFormat(), SenmlFormat.SENML_JSON.contentFormat());
      routes.put(readings.path(), new FrontDoor.Route(readings, Runnable::run, false));
    }
    Set<String> paths = Set.copyOf(routes.keySet());
    routes.put(
        Discovery.PATH,
        new FrontDoor.Route(
            Resource.at(Discovery.PATH, new Discovery(access, paths)), Runnable::run, true));
    return routes;
  }

  private ExecutorService handlerThreads() {
    AtomicInteger number = new AtomicInteger();
    // Holds what Outstanding lets through; full only of work whose callers have long been told
    // 5.03.
    return new ThreadPoolExecutor(
        limits.handlerThreads(),
        limits.handlerThreads(),
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(limits.outstandingInTotal()),
        work -> {
          Thread thread = new Thread(work, "wardgate-handler-" + number.incrementAndGet());
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
