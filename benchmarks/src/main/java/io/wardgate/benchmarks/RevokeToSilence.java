// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.DeviceId;
import io.wardgate.access.AccessPolicy;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.ca.HostName;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.Cause;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.sensor.SensorClient;
import io.wardgate.transport.DtlsTransport;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Prints how long it takes from revoking a device until its session is gone, with the fsync. */
public final class RevokeToSilence {

  private static final int DEVICES = 100;
  private static final PrintStream OUT = System.out;

  private RevokeToSilence() {}

  /** Measures in a temporary directory. */
  public static void main(String[] arguments) throws Exception {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    Path folder = Files.createTempDirectory("wardgate-revoke");
    EmbeddedAuthority devices = authority("Devices", clock, random);
    EmbeddedAuthority gateways = authority("Gateways", clock, random);
    KeyPair own = keys();
    X509Certificate certificate =
        gateways.issueGateway(
            List.of(new HostName("localhost")), own.getPublic(), Duration.ofDays(1));
    try (LedgerRegistry registry =
            LedgerRegistry.create(folder, StateKeys.generate(clock, random), clock, random);
        Gateway gateway =
            Gateway.builder()
                .identity(GatewayIdentity.of(own.getPrivate(), List.of(certificate)))
                .trust(DeviceTrust.anchoredAt(devices.certificate()))
                .access(AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, "/echo"))
                .state(GatewayState.with(registry))
                .transport(
                    DtlsTransport.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .resource(
                    "/echo",
                    request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED)))
                .build()) {
      gateway.start();
      GatewayTrust trust = GatewayTrust.anchoredAt(gateways.certificate(), "localhost");
      for (int i = 0; i < DEVICES; i++) {
        connect(gateway, devices, trust, "device-" + i);
      }
      measure(gateway);
    }
    OUT.println("in " + folder);
  }

  /** The client is left open: its session is what the gateway ends. */
  @SuppressWarnings("MustBeClosedChecker")
  private static void connect(
      Gateway gateway, EmbeddedAuthority devices, GatewayTrust trust, String serial)
      throws Exception {
    DeviceId device = DeviceId.of(serial);
    gateway.registry().register(new Registration(device, Role.INFUSION_PUMP, Instant.now()));
    KeyPair keys = keys();
    X509Certificate certificate = devices.issueDevice(device, keys.getPublic(), Duration.ofDays(1));
    SensorClient client =
        SensorClient.builder()
            .credential(
                SensorCredential.certificate(keys.getPrivate(), List.of(certificate), trust))
            .transport(DtlsTransport.to(gateway.address()))
            .open();
    var unused = client.request(Method.POST, "/echo", 0, new byte[1]).toCompletableFuture().get();
  }

  private static void measure(Gateway gateway) throws IOException, io.wardgate.WardgateException {
    long[] micros = new long[DEVICES];
    for (int i = 0; i < DEVICES; i++) {
      int before = gateway.metrics().sessions();
      long begun = System.nanoTime();
      gateway.registry().revoke(DeviceId.of("device-" + i), Cause.STOLEN);
      while (gateway.metrics().sessions() == before) {
        Thread.onSpinWait();
      }
      micros[i] = (System.nanoTime() - begun) / 1000;
    }
    Arrays.sort(micros);
    OUT.printf(
        "revoke to silence: %d sessions, p50 %d us, p99 %d us, most %d us%n",
        DEVICES, micros[DEVICES / 2], micros[DEVICES * 99 / 100], micros[DEVICES - 1]);
  }

  private static EmbeddedAuthority authority(
      String name, InstantSource clock, SecureRandom random) {
    return EmbeddedAuthority.selfSigned(name, Duration.ofDays(2), clock, random);
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
