// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.ChildJvm;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.keys.KeyVault.KeyPairEntry;
import io.wardgate.keys.Pkcs12Vault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole ward's sensors over a real SIGTERM and a real SIGKILL of their gateway. */
@Tag("long")
@Timeout(300)
class RestartKillTest {

  private static final int WARD = 200;
  private static final int STOLEN = 10;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Authority deviceCa = TestPki.authority("Device CA");
  private final Authority gatewayCa = TestPki.authority("Gateway CA");
  private final List<SensorTransport.Link> links = new ArrayList<>();
  private Process gateway;
  private BufferedReader said;
  private int port;

  @BeforeEach
  void makeVault() throws Exception {
    Files.createDirectory(
        folder.resolve("state"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    deviceCa.writeTo(folder.resolve(RestartScenario.DEVICE_CA));
    Credential identity = gatewayCa.server("localhost").ip("127.0.0.1").issue();
    Pkcs12Vault.create(folder.resolve(RestartScenario.VAULT), RestartScenario.UNLOCK)
        .store(RestartScenario.GATEWAY, new KeyPairEntry(identity.key(), identity.chain()));
  }

  @AfterEach
  void stop() {
    links.forEach(SensorTransport.Link::close);
    gateway.destroyForcibly();
  }

  @Test
  @Provision("5.9-1")
  @Provision("5.9-3")
  void aWardsSensorsGoOnAndTheStolenOnesDoNot() throws Exception {
    start(0, 0);
    for (int i = 0; i < WARD; i++) {
      links.add(link(i));
    }
    assertThat(answers(links)).containsOnly(Status.CHANGED.toString());
    assertThat(state()).isEqualTo("restored 0 resumed 0 handshakes 200 sessions 200");

    gateway.destroy();
    assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
    start(0, STOLEN);
    List<SensorTransport.Link> stolen = links.subList(0, STOLEN);
    List<SensorTransport.Link> others = links.subList(STOLEN, WARD);
    assertThat(state()).isEqualTo("restored 190 resumed 0 handshakes 0 sessions 190");
    assertThat(answers(others)).containsOnly(Status.CHANGED.toString());
    stolen.forEach(SensorTransport.Link::startOver);
    assertThat(answers(stolen)).doesNotContain(Status.CHANGED.toString());
    assertThat(state()).isEqualTo("restored 190 resumed 0 handshakes 0 sessions 190");

    // SIGKILL.
    gateway.toHandle().destroyForcibly();
    assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
    start(STOLEN, STOLEN);
    assertThat(state()).isEqualTo("restored 0 resumed 0 handshakes 0 sessions 0");
    links.forEach(SensorTransport.Link::startOver);
    others = links.subList(2 * STOLEN, WARD);
    assertThat(answers(others)).containsOnly(Status.CHANGED.toString());
    assertThat(answers(links.subList(0, 2 * STOLEN))).doesNotContain(Status.CHANGED.toString());
    assertThat(state()).isEqualTo("restored 0 resumed 180 handshakes 180 sessions 180");
  }

  /** Starts the gateway, at the port it had before. */
  private void start(int firstRevoked, int revoked) throws IOException {
    gateway =
        new ProcessBuilder(
                ChildJvm.command(
                    RestartScenario.class,
                    folder.toString(),
                    "" + port,
                    "" + WARD,
                    "" + firstRevoked,
                    "" + revoked))
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    said = new BufferedReader(new InputStreamReader(gateway.getInputStream(), UTF_8));
    String first = said.readLine();
    assertThat(first).as(Files.readString(folder.resolve("stderr"))).startsWith("at ");
    port = Integer.parseInt(first.substring("at ".length()));
  }

  private String state() throws IOException {
    gateway.getOutputStream().write('\n');
    gateway.getOutputStream().flush();
    return said.readLine();
  }

  private SensorTransport.Link link(int number) throws Exception {
    Credential credential = deviceCa.issueDevice(RestartScenario.device(number).toString());
    return DtlsTransport.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .open(
            SensorCredential.certificate(
                credential.key(),
                credential.chain(),
                GatewayTrust.anchoredAt(gatewayCa.certificate(), "localhost")),
            InstantSource.system());
  }

  /** What each is answered, or why it is not. */
  private static List<String> answers(List<SensorTransport.Link> links) {
    List<CompletableFuture<String>> waiting =
        links.stream()
            .map(
                link ->
                    link.send(Method.POST, "/echo", TestGateway.TEXT, new byte[] {'x'})
                        .thenApply(Response::status)
                        .handle((status, refused) -> "" + (status == null ? refused : status))
                        .toCompletableFuture())
            .toList();
    await().atMost(LIMIT).until(() -> waiting.stream().allMatch(CompletableFuture::isDone));
    return waiting.stream().map(CompletableFuture::join).toList();
  }
}
