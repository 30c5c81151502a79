// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.awaitility.Awaitility.await;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.TestPki;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.keys.JvmProviders;
import io.wardgate.keys.Pkcs11Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.sensor.SensorClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A gateway and a sensor whose keys lie on a token, in a JVM of its own; says what it sees, a line
 * for each step, for {@link TokenTest} to judge.
 */
final class TokenScenario {

  private static final PrintStream OUT = System.out;
  private static final Duration LIMIT = Duration.ofSeconds(25);

  private final Path folder;
  private final Authority deviceCa = TestPki.authority("Device CA");
  private final Authority gatewayCa = TestPki.authority("Gateway CA");
  private final Credential gatewayKey = gatewayCa.server("localhost").ip("127.0.0.1").issue();
  private final Credential pumpKey = deviceCa.issueDevice("pump-1");
  private final Credential softKey = deviceCa.issueDevice("pump-2");
  private final List<SecurityEvent> events = new CopyOnWriteArrayList<>();

  private TokenScenario(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    new TokenScenario(Path.of(arguments[0])).run();
    // Californium and the token leave threads behind.
    System.exit(0);
  }

  private void run() throws Exception {
    say(
        "wrong pin",
        () -> Pkcs11Vault.open(SoftToken.configuration(folder), "000000".toCharArray()));
    SoftToken.put(folder, "gateway", gatewayKey);
    SoftToken.put(folder, "pump", pumpKey);
    say("no token", () -> Pkcs11Vault.open(folder.resolve("none.cfg"), "0".toCharArray()));
    Pkcs11Vault vault =
        Pkcs11Vault.open(SoftToken.configuration(folder), SoftToken.PIN.toCharArray());
    say("key of a stranger", () -> GatewayIdentity.onToken(vault, softKey.chain()));
    GatewayIdentity identity = GatewayIdentity.onToken(vault, gatewayKey.chain());
    OUT.println("extractable: " + (identity.privateKey().getEncoded() != null));
    try (LedgerRegistry registry = registry()) {
      say("before installing", () -> gateway(identity, registry).start());
      JvmProviders.installTokenSignatures(vault);
      JvmProviders.installTokenSignatures(vault);
      try (Gateway gateway = gateway(identity, registry)) {
        gateway.start();
        OUT.println("sensor on token: " + post(client(gateway, onToken(vault, pumpKey))));
        OUT.println("sensor in software: " + post(client(gateway, credential(softKey))));
        for (String client : List.of("coap-client-openssl", "coap-client-gnutls")) {
          OUT.println(client + ": " + libcoap(client, gateway.address().getPort()));
        }
        against(vault);
        OUT.println("degraded: " + gateway.metrics().tokenDegraded());
        vault.close();
        try (SensorClient sensor = client(gateway, credential(softKey))) {
          var unanswered =
              sensor.request(Method.POST, "/echo", 0, new byte[] {'5'}).toCompletableFuture();
          await().until(() -> kinds().contains(SecurityEvent.TOKEN_DEGRADED));
          OUT.println("degraded: " + gateway.metrics().tokenDegraded());
          OUT.println("answered: " + unanswered.isDone());
        }
      }
    }
  }

  /** Our client with its key on the token, against a server of libcoap's. */
  private void against(Pkcs11Vault vault) throws Exception {
    Credential.PemFiles server = gatewayKey.writeTo(Files.createDirectory(folder.resolve("srv")));
    Path ca = deviceCa.writeTo(folder.resolve("device-ca.pem"));
    int port = 20000 + new SecureRandom().nextInt(20000);
    Process process =
        new ProcessBuilder(
                "coap-server-openssl",
                "-A",
                "127.0.0.1",
                "-p",
                Integer.toString(port - 1),
                "-c",
                server.cert().toString(),
                "-j",
                server.key().toString(),
                "-C",
                ca.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile())
            .start();
    try (SensorClient sensor =
        SensorClient.builder()
            .credential(onToken(vault, pumpKey))
            .transport(
                DtlsTransport.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
            .open()) {
      OUT.println(
          "coap-server-openssl: "
              + sensor
                  .request(Method.GET, "/", 0, new byte[0])
                  .toCompletableFuture()
                  .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                  .status());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private SensorCredential onToken(Pkcs11Vault vault, Credential credential) {
    return SensorCredential.certificate(
        vault.keyPairOf(credential.leaf().getPublicKey()).orElseThrow().privateKey(),
        credential.chain(),
        trust());
  }

  private SensorCredential credential(Credential credential) {
    return SensorCredential.certificate(credential.key(), credential.chain(), trust());
  }

  private GatewayTrust trust() {
    return GatewayTrust.anchoredAt(gatewayCa.certificate(), "localhost");
  }

  private List<String> kinds() {
    return events.stream().map(SecurityEvent::kind).toList();
  }

  private static SensorClient client(Gateway gateway, SensorCredential credential)
      throws WardgateException {
    return SensorClient.builder()
        .credential(credential)
        .transport(DtlsTransport.to(gateway.address()))
        .open();
  }

  private static String post(SensorClient client) throws Exception {
    try (client) {
      return client
          .request(Method.POST, "/echo", 0, new byte[] {'5'})
          .toCompletableFuture()
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
          .status()
          .toString();
    } catch (ExecutionException e) {
      return e.getCause() instanceof WardgateException refusal
          ? refusal.reason().code()
          : e.toString();
    }
  }

  private String libcoap(String client, int port) throws IOException {
    Path own = Files.createDirectory(folder.resolve(client));
    Credential.PemFiles files = softKey.writeTo(own);
    Path ca = gatewayCa.writeTo(own.resolve("gateway-ca.pem"));
    Peer.Outcome outcome =
        Peer.of(
                client,
                "-m",
                "post",
                "-t",
                "0",
                "-B",
                "15",
                "-v",
                "7",
                "-e",
                "5",
                "-C",
                ca.toString(),
                "-c",
                files.cert().toString(),
                "-j",
                files.key().toString(),
                "coaps://127.0.0.1:" + port + "/echo")
            .run(LIMIT);
    return outcome.output().contains("2.04") ? "2.04" : outcome.output();
  }

  private LedgerRegistry registry() throws Exception {
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    LedgerRegistry registry =
        LedgerRegistry.create(
            Files.createDirectory(folder.resolve("state")),
            StateKeys.generate(clock, random),
            clock,
            random);
    for (String serial : List.of("pump-1", "pump-2")) {
      registry.register(new Registration(DeviceId.of(serial), Role.INFUSION_PUMP, Instant.EPOCH));
    }
    return registry;
  }

  private Gateway gateway(GatewayIdentity identity, LedgerRegistry registry) {
    return Gateway.builder()
        .identity(identity)
        .trust(DeviceTrust.anchoredAt(deviceCa.certificate()))
        .access(AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, "/echo"))
        .state(GatewayState.with(registry))
        .transport(DtlsTransport.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
        .resource(
            "/echo", request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED)))
        .onSecurityEvent(events::add)
        .build();
  }

  /** What is tried. */
  private interface Attempt {
    void make() throws Exception;
  }

  private static void say(String step, Attempt attempt) throws Exception {
    try {
      attempt.make();
      OUT.println(step + ": done");
    } catch (WardgateException e) {
      OUT.println(step + ": " + e.reason().code());
    }
  }
}
