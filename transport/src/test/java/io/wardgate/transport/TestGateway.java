// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Handler;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.TestPki;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.SensorCredential;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.sensor.SensorClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A real gateway on loopback with two authorities, two roles and resources that remember what
 * reached them.
 */
final class TestGateway implements AutoCloseable {

  static final String NAME = "localhost";
  static final Role PUMP = Role.INFUSION_PUMP;
  static final Role GLUCOSE = Role.GLUCOSE_SENSOR;
  static final int TEXT = 0;
  static final int OCTETS = 42;
  private static final InstantSource CLOCK = InstantSource.system();
  private static final SecureRandom RANDOM = new SecureRandom();

  final Authority deviceCa = TestPki.authority("Device CA");
  final Authority gatewayCa = TestPki.authority("Gateway CA");
  final List<SecurityEvent> events = new CopyOnWriteArrayList<>();
  final List<Request> received = new CopyOnWriteArrayList<>();
  final Map<String, PreSharedKey> keys = new ConcurrentHashMap<>();
  final KeptSessions sessions = new KeptSessions();
  final CompletableFuture<Response> slow = new CompletableFuture<>();
  private final LedgerRegistry registry;
  private final Credential identity = gatewayCa.server(NAME).ip("127.0.0.1").issue();
  private Gateway gateway;

  TestGateway(Path state) throws WardgateException {
    this(state, UnaryOperator.identity());
  }

  TestGateway(Path state, UnaryOperator<DtlsTransport> transport) throws WardgateException {
    registry = LedgerRegistry.create(state, StateKeys.generate(CLOCK, RANDOM), CLOCK, RANDOM);
    gateway = started(transport, 0);
  }

  private Gateway started(UnaryOperator<DtlsTransport> transport, int port)
      throws WardgateException {
    AccessPolicy access =
        AccessPolicy.denyAll()
            .allow(GLUCOSE, Method.POST, "/echo")
            .allow(PUMP, Method.POST, "/echo")
            .allow(PUMP, Method.POST, "/pump")
            .allow(PUMP, Method.POST, "/slow")
            .allow(PUMP, Method.POST, "/stop")
            .allow(PUMP, Method.GET, "/large")
            .allow(PUMP, Method.GET, "/missing");
    Gateway made =
        Gateway.builder()
            .identity(GatewayIdentity.of(identity.key(), identity.chain()))
            .trust(
                DeviceTrust.anchoredAt(deviceCa.certificate())
                    .and(
                        DeviceTrust.ofPreSharedKeys(
                            id -> java.util.Optional.ofNullable(keys.get(id)))))
            .access(access)
            .state(GatewayState.with(registry).resumedFrom(sessions))
            .transport(
                transport.apply(
                    DtlsTransport.on(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))))
            .resource(Resource.at("/echo", this::echo).accepting(TEXT, OCTETS))
            .resource("/pump", this::echo)
            .resource(Resource.command("/stop", this::echo))
            .resource("/slow", request -> slow)
            .resource("/large", large())
            .onSecurityEvent(events::add)
            .build();
    made.start();
    return made;
  }

  /** Stops in order and starts again at the same address, perhaps set otherwise. */
  void restart(UnaryOperator<DtlsTransport> transport) throws WardgateException {
    int port = address().getPort();
    gateway.close();
    gateway = started(transport, port);
  }

  void restart() throws WardgateException {
    restart(UnaryOperator.identity());
  }

  /** Stops in order, and starts again while something else has the address: in vain, and again. */
  void restartBesideAnother() throws IOException, WardgateException {
    InetSocketAddress address = address();
    gateway.close();
    try (DatagramSocket taken = new DatagramSocket(address)) {
      assertThatThrownBy(() -> started(UnaryOperator.identity(), taken.getLocalPort()))
          .isInstanceOfSatisfying(
              WardgateException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.TRANSPORT_UNAVAILABLE));
    }
    gateway = started(UnaryOperator.identity(), address.getPort());
  }

  /** Starts again with what a crash would have left: sessions, and no connections. */
  void crash() throws WardgateException {
    int port = address().getPort();
    gateway.close();
    sessions.takeConnections();
    gateway = started(UnaryOperator.identity(), port);
  }

  LedgerRegistry registry() {
    return registry;
  }

  Gateway gateway() {
    return gateway;
  }

  InetSocketAddress address() {
    return gateway.address();
  }

  void register(String serial, Role role) throws WardgateException {
    registry.register(new Registration(DeviceId.of(serial), role, Instant.EPOCH));
  }

  /** A registered device's credential. */
  Credential device(String serial, Role role) throws WardgateException {
    register(serial, role);
    return deviceCa.issueDevice(serial);
  }

  GatewayTrust trust() {
    return GatewayTrust.anchoredAt(gatewayCa.certificate(), NAME);
  }

  SensorClient client(Credential credential) throws WardgateException {
    return client(SensorCredential.certificate(credential.key(), credential.chain(), trust()));
  }

  SensorClient client(SensorCredential credential) throws WardgateException {
    return SensorClient.builder()
        .credential(credential)
        .transport(DtlsTransport.to(address()))
        .open();
  }

  /** A device's link that reaches the gateway at another address than its own, as a proxy's. */
  SensorTransport.Link link(Credential credential, InetSocketAddress gateway)
      throws WardgateException {
    return DtlsTransport.to(gateway)
        .open(SensorCredential.certificate(credential.key(), credential.chain(), trust()), CLOCK);
  }

  SensorTransport.Link link(Credential credential) throws WardgateException {
    return link(credential, address());
  }

  static CompletableFuture<Response> request(SensorTransport.Link link) {
    return link.send(Method.POST, "/echo", TEXT, new byte[] {'5'}).toCompletableFuture();
  }

  static Status post(SensorTransport.Link link) throws Exception {
    return request(link).get(30, TimeUnit.SECONDS).status();
  }

  /** The reasons of all refusals told so far. */
  List<Reason> refusals() {
    return events.stream().flatMap(event -> event.reason().stream()).toList();
  }

  /** Waits until these refusals and no others were told; events come on a thread of their own. */
  void refused(Reason... reasons) {
    await().untilAsserted(() -> assertThat(refusals()).isNotEmpty().containsOnly(reasons));
  }

  private CompletionStage<Response> echo(Request request) {
    received.add(request);
    return CompletableFuture.completedFuture(Response.of(Status.CHANGED));
  }

  private static Handler large() {
    byte[] body = new byte[5000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) i;
    }
    return request -> CompletableFuture.completedFuture(Response.content(OCTETS, body));
  }

  @Override
  public void close() {
    gateway.close();
    registry.close();
  }
}
