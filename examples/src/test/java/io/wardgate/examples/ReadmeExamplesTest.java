// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.TestPki;
import io.wardgate.gateway.Gateway;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.keys.KeyVault;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.registry.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README shows, at work. */
class ReadmeExamplesTest {

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path home;

  @Test
  void theSensorsReadingIsInTheGatewaysFileWhenTheSensorIsDone() throws Exception {
    Authority deviceCa = TestPki.authority("Device CA");
    Authority gatewayCa = TestPki.authority("Gateway CA");
    Credential gatewayKey = gatewayCa.server("gateway.example").issue();
    Credential patch = deviceCa.issueDevice("ecg-0001");
    Pkcs12Vault vault = Pkcs12Vault.create(home.resolve("keys.p12"), "only here".toCharArray());
    vault.store("gateway", new KeyVault.KeyPairEntry(gatewayKey.key(), gatewayKey.chain()));
    Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);

    try (Gateway gateway =
        GatewayInThirtyLines.open(vault, deviceCa.certificate(), home, ANY_PORT)) {
      GatewayInThirtyLines.admit(gateway, "ecg-0001", Role.ECG_PATCH, now);
      SensorInTenLines.post(
          SensorCredential.certificate(
              patch.key(),
              patch.chain(),
              GatewayTrust.anchoredAt(gatewayCa.certificate(), "gateway.example")),
          gateway.address(),
          72,
          now);

      assertThat(Files.readString(home.resolve("readings.jsonl")))
          .contains("\"device\":\"ecg-0001\"")
          .contains("\"role\":\"ecg-patch\"")
          .contains("\"time\":\"" + now + "\"")
          .contains("\"code\":\"147842\",\"value\":72,\"unit\":\"beat/min\"");
    }
  }
}
