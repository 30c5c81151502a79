// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.exchange.Method;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.reading.FileUplink;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.transport.DtlsTransport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A gateway that takes readings of infusion pumps and ECG patches and refuses everybody else; shown
 * in README.
 */
public final class GatewayInThirtyLines {

  private GatewayInThirtyLines() {}

  // tag::readme[]
  static Gateway open(
      Pkcs12Vault vault, X509Certificate deviceCa, Path home, InetSocketAddress port)
      throws WardgateException {
    Gateway gateway =
        Gateway.builder()
            .identity(GatewayIdentity.from(vault, "gateway"))
            .trust(DeviceTrust.anchoredAt(deviceCa))
            .access(
                AccessPolicy.denyAll()
                    .allow(Role.INFUSION_PUMP, Method.POST, "/vitals")
                    .allow(Role.ECG_PATCH, Method.POST, "/vitals"))
            .state(GatewayState.at(home, vault))
            .transport(DtlsTransport.on(port))
            .readings(FileUplink.open(home.resolve("readings.jsonl")))
            .onSecurityEvent(event -> System.err.println(event))
            .build();
    try {
      gateway.start();
    } catch (WardgateException | RuntimeException e) {
      gateway.close();
      throw e;
    }
    return gateway;
  }

  static void admit(Gateway gateway, String serial, Role role, Instant now)
      throws WardgateException {
    gateway.registry().register(new Registration(DeviceId.of(serial), role, now));
  }
  // end::readme[]
}
