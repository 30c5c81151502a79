// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
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
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.reading.Observation;
import io.wardgate.reading.Uplink;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A gateway between doubles of its network and its uplink, as the tests of this package use it. */
final class GatewayRig implements AutoCloseable {

  static final Role PUMP = Role.INFUSION_PUMP;

  private static final int SENML_JSON = 110;

  final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  final Authority devices = TestPki.authority("Device CA", clock);
  final Authority gateways = TestPki.authority("Gateway CA", clock);
  final FakeTransport transport = new FakeTransport();
  final FakeUplink uplink = new FakeUplink();
  final List<SecurityEvent> told = Collections.synchronizedList(new ArrayList<>());
  final Path folder;
  final Pkcs12Vault vault;
  private final List<Gateway> built = new ArrayList<>();

  /**
   * A rig whose gateways keep their state in {@code folder}.
   *
   * @param safe where their vault is made
   */
  GatewayRig(Path folder, Path safe) throws IOException, WardgateException {
    this.folder = folder;
    this.vault = Pkcs12Vault.create(safe.resolve("keys.p12"), "as the test wants it".toCharArray());
  }

  @Override
  public void close() {
    transport.whenClosed = () -> {};
    built.forEach(Gateway::close);
  }

  Gateway.Options options(Authority trusted, Path state) {
    return stage(trusted, GatewayState.at(state, vault)).onSecurityEvent(told::add);
  }

  Gateway.Options stage(Authority trusted, GatewayState state) {
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
  List<String> exported() throws Exception {
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

  Gateway build(Gateway.Options options) {
    Gateway gateway = options.build();
    built.add(gateway);
    return gateway;
  }

  Gateway start() throws WardgateException {
    Gateway gateway = build(options(devices, folder).resource("/config", GatewayRig::changed));
    gateway.start();
    register(gateway);
    return gateway;
  }

  void register(Gateway gateway) throws WardgateException {
    if (gateway.registry().find(DeviceId.of("pump-1")).isEmpty()) {
      register(gateway, "pump-1");
    }
  }

  void register(Gateway gateway, String id) throws WardgateException {
    gateway.registry().register(new Registration(DeviceId.of(id), PUMP, clock.instant()));
  }

  Intake door() {
    return transport.intake.orElseThrow();
  }

  AuthenticatedPeer pump() throws WardgateException {
    return transport.peers.orElseThrow().verify(devices.issueDevice("pump-1").chain());
  }

  Response post(String path, int format, String body) throws Exception {
    return send(path, format, body).get(30, TimeUnit.SECONDS);
  }

  CompletableFuture<Response> postReading() throws Exception {
    return send("vitals", SENML_JSON, "[{\"n\":\"147842\",\"u\":\"/min\",\"v\":72}]");
  }

  CompletableFuture<Response> send(String path, int format, String body) throws WardgateException {
    return send(pump(), path, format, body);
  }

  CompletableFuture<Response> send(AuthenticatedPeer peer, String path, int format, String body) {
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

  List<String> kinds() {
    return told.stream().map(SecurityEvent::kind).toList();
  }

  static CompletionStage<Response> changed(Request request) {
    return CompletableFuture.completedFuture(Response.of(Status.CHANGED));
  }

  static Set<Thread> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("wardgate-"))
        .collect(Collectors.toSet());
  }

  /** A pool says that it has ended a moment before its last thread has. */
  static void assertNoThreadsBut(Set<Thread> before) throws InterruptedException {
    Set<Thread> more = ourThreads();
    more.removeAll(before);
    for (Thread thread : more) {
      thread.join(TimeUnit.SECONDS.toMillis(20));
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  /** An uplink that keeps what it takes until the test says that it is safe. */
  static final class FakeUplink implements Uplink {

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
