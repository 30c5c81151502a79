// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.ca.EcKeys;
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
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.sensor.SensorClient;
import io.wardgate.transport.DtlsTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A gateway on loopback whose only resource answers at once, and sensors of it. */
final class BenchWard implements AutoCloseable {

  static final String PATH = "/echo";

  private static final InstantSource CLOCK = InstantSource.system();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final EmbeddedAuthority devices = authority("Devices");
  private final EmbeddedAuthority gateways = authority("Gateways");
  private final LedgerRegistry registry;
  private final Gateway gateway;

  BenchWard(Path folder) throws WardgateException {
    registry = LedgerRegistry.create(folder, StateKeys.generate(CLOCK, RANDOM), CLOCK, RANDOM);
    KeyPair own = EcKeys.p256(RANDOM);
    X509Certificate certificate =
        gateways.issueGateway(
            List.of(new HostName("localhost")), own.getPublic(), Duration.ofDays(1));
    gateway =
        Gateway.builder()
            .identity(GatewayIdentity.of(own.getPrivate(), List.of(certificate)))
            .trust(DeviceTrust.anchoredAt(devices.certificate()))
            .access(AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, PATH))
            .state(GatewayState.with(registry))
            .transport(DtlsTransport.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .resource(
                PATH, request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED)))
            .build();
    gateway.start();
  }

  Gateway gateway() {
    return gateway;
  }

  /** A new device, registered; its first request shakes hands. */
  SensorClient sensor(String serial) throws WardgateException {
    DeviceId device = DeviceId.of(serial);
    gateway.registry().register(new Registration(device, Role.INFUSION_PUMP, Instant.now()));
    KeyPair keys = EcKeys.p256(RANDOM);
    X509Certificate certificate = devices.issueDevice(device, keys.getPublic(), Duration.ofDays(1));
    GatewayTrust trust = GatewayTrust.anchoredAt(gateways.certificate(), "localhost");
    return SensorClient.builder()
        .credential(SensorCredential.certificate(keys.getPrivate(), List.of(certificate), trust))
        .transport(DtlsTransport.to(gateway.address()))
        .open();
  }

  static CompletableFuture<Response> post(SensorClient sensor) throws WardgateException {
    return sensor.request(Method.POST, PATH, 0, new byte[1]).toCompletableFuture();
  }

  @Override
  public void close() {
    gateway.close();
    registry.close();
  }

  private static EmbeddedAuthority authority(String name) {
    return EmbeddedAuthority.selfSigned(name, Duration.ofDays(2), CLOCK, RANDOM);
  }
}
