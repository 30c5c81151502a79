// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wardgate.DeviceId;
import io.wardgate.access.AccessPolicy;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayMetrics;
import io.wardgate.gateway.GatewayState;
import io.wardgate.gateway.StateFolder;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.Cause;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/**
 * A gateway in a process of its own, to be stopped or killed by {@link RestartKillTest} and started
 * again on what is left of it. Arguments: the folder, the port, how many devices it has, and of
 * those the first one and the number that an operator revokes while it is not running.
 *
 * <p>Says {@code at PORT} when it listens, and for each line it is given how many sessions it was
 * started with, how many came back in short, how many handshakes there were, and how many sessions
 * there are.
 */
final class RestartScenario {

  static final String VAULT = "keys.p12";
  static final char[] UNLOCK = "only for as long as a test takes".toCharArray();
  static final String GATEWAY = "gateway";
  static final String DEVICE_CA = "devices.pem";

  private static final PrintStream OUT = System.out;

  private RestartScenario() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int devices = Integer.parseInt(arguments[2]);
    int firstRevoked = Integer.parseInt(arguments[3]);
    int revoked = Integer.parseInt(arguments[4]);
    Path state = folder.resolve("state");
    Pkcs12Vault vault = Pkcs12Vault.open(folder.resolve(VAULT), UNLOCK);
    try (StateFolder open =
        StateFolder.open(state, vault, InstantSource.system(), new SecureRandom())) {
      for (int i = 0; i < devices; i++) {
        if (open.ledger().find(device(i)).isEmpty()) {
          open.ledger().register(new Registration(device(i), Role.INFUSION_PUMP, Instant.EPOCH));
        }
      }
      for (int i = firstRevoked; i < firstRevoked + revoked; i++) {
        open.ledger().revoke(device(i), Cause.STOLEN);
      }
    }
    Gateway gateway =
        Gateway.builder()
            .identity(GatewayIdentity.from(vault, GATEWAY))
            .trust(DeviceTrust.anchoredAt(certificate(folder.resolve(DEVICE_CA))))
            .access(AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, "/echo"))
            .state(GatewayState.at(state, vault))
            .transport(
                DtlsTransport.on(
                    new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]))))
            .resource(
                "/echo", request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED)))
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close));
    gateway.start();
    OUT.println("at " + gateway.address().getPort());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    while (in.readLine() != null) {
      GatewayMetrics now = gateway.metrics();
      OUT.println(
          "restored "
              + now.sessionsRestored()
              + " resumed "
              + now.sessionsResumed()
              + " handshakes "
              + now.peersAdmitted()
              + " sessions "
              + now.sessions());
    }
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  static DeviceId device(int number) {
    return DeviceId.of("pump-" + number);
  }
}
