// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.SensorCredential;
import io.wardgate.registry.Cause;
import io.wardgate.sensor.SensorClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers' implementations as devices: libcoap on OpenSSL and GnuTLS, and both TLS tools. */
class RealPeersTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String KEY = "a-key-of-thirty-two-letters-or-so";

  @TempDir Path folder;
  private TestGateway ward;

  @AfterEach
  void stop() {
    if (ward != null) {
      ward.close();
    }
  }

  @Nested
  @NeedsPeer({"coap-client-openssl", "coap-client-gnutls"})
  class Libcoap {

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    @Provision("5.1-3")
    @Provision("5.5-1")
    @Provision("5.8-2")
    void postsWithACertificateOfItsOwn(String client) throws Exception {
      open();
      Peer.Outcome outcome = post(client, ward.device("pump-1", TestGateway.PUMP), "/echo");
      assertThat(outcome.output()).contains("2.04");
      assertThat(ward.received).hasSize(1);
      assertThat(ward.received.get(0).payload()).isEqualTo(bytes("hello"));
      assertThat(ward.received.get(0).peer().device()).isEqualTo(DeviceId.of("pump-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    void isToldForbiddenForWhatIsNotItsRoles(String client) throws Exception {
      open();
      Peer.Outcome outcome = post(client, ward.device("sugar-1", TestGateway.GLUCOSE), "/pump");
      assertThat(outcome.output()).contains("4.03");
      assertThat(ward.received).isEmpty();
      ward.refused(Reason.ROLE_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    @Provision("5.5-5")
    void isChallengedForACommandAndRepeatsItWithTheEcho(String client) throws Exception {
      open();
      Peer.Outcome outcome = post(client, ward.device("pump-1", TestGateway.PUMP), "/stop");
      assertThat(outcome.output()).contains("4.01");
      assertThat(ward.received).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    @Provision("5.5-4")
    void isRefusedWithACertificateOfAnotherAuthority(String client) throws Exception {
      open();
      ward.register("pump-1", TestGateway.PUMP);
      Credential stranger = TestPki.authority("Device CA").issueDevice("pump-1");
      refused(post(client, stranger, "/echo"), Reason.UNKNOWN_AUTHORITY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    void isRefusedWithAnExpiredCertificate(String client) throws Exception {
      open();
      ward.register("pump-1", TestGateway.PUMP);
      Credential old =
          ward.deviceCa
              .device("pump-1")
              .validFrom(Instant.parse("2020-01-01T00:00:00Z"))
              .validTo(Instant.parse("2021-01-01T00:00:00Z"))
              .issue();
      refused(post(client, old, "/echo"), Reason.CERTIFICATE_EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    void isRefusedWithAServersCertificate(String client) throws Exception {
      open();
      ward.register("pump-1", TestGateway.PUMP);
      Credential server = ward.deviceCa.server("localhost").serialNumbers("pump-1").issue();
      refused(post(client, server, "/echo"), Reason.CERTIFICATE_WRONG_PURPOSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    void postsWithAPreSharedKeyWhereThatIsAllowedByName(String client) throws Exception {
      open(DtlsTransport::allowingPskWithoutForwardSecrecy);
      share("sugar-1");
      assertThat(psk(client, KEY).output()).contains("2.04");
      assertThat(ward.received).hasSize(1);
      assertThat(ward.events.stream().map(SecurityEvent::kind))
          .contains(SecurityEvent.OPT_IN_ACTIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    @Provision("5.5-1")
    void isRefusedWithAPreSharedKeyWithoutForwardSecrecyByDefault(String client) throws Exception {
      open();
      share("sugar-1");
      refused(psk(client, KEY), Reason.NO_COMMON_SUITE);
    }

    @Test
    void isRefusedWithAWrongPreSharedKey() throws Exception {
      open(DtlsTransport::allowingPskWithoutForwardSecrecy);
      share("sugar-1");
      Peer.Outcome outcome = psk("coap-client-openssl", "another-key-of-about-that-length");
      assertThat(outcome.output()).doesNotContain("2.04");
      assertThat(ward.received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    void postsSixtyKilobytesInBlocks(String client) throws Exception {
      open();
      byte[] body = pattern(60_000);
      Path file = Files.write(folder.resolve("body"), body);
      Peer.Outcome outcome =
          post(client, ward.device("pump-1", TestGateway.PUMP), "/echo", "-f", file.toString());
      assertThat(outcome.output()).contains("2.04");
      assertThat(ward.received).hasSize(1);
      assertThat(ward.received.get(0).payload()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
    @Provision("5.13-1B")
    void isToldTooLargeAboveTheLimit(String client) throws Exception {
      open();
      Path file = Files.write(folder.resolve("body"), pattern(70_000));
      Peer.Outcome outcome =
          post(client, ward.device("pump-1", TestGateway.PUMP), "/echo", "-f", file.toString());
      assertThat(outcome.output()).contains("4.13");
      assertThat(ward.received).isEmpty();
      ward.refused(Reason.BODY_TOO_LARGE);
    }

    @Test
    void fetchesALargeAnswerInBlocks() throws Exception {
      open();
      Path into = folder.resolve("answer");
      run(
          "coap-client-openssl",
          ward.device("pump-1", TestGateway.PUMP),
          List.of("-m", "get", "-o", into.toString()),
          "/large");
      assertThat(Files.readAllBytes(into)).isEqualTo(pattern(5000));
    }

    @Test
    @Provision("5.6-2")
    void seesOnlyWhatItsRoleMayKnow() throws Exception {
      open();
      Peer.Outcome outcome =
          run(
              "coap-client-openssl",
              ward.device("sugar-1", TestGateway.GLUCOSE),
              List.of("-m", "get"),
              "/.well-known/core");
      assertThat(outcome.stdout()).contains("</echo>").doesNotContain("pump");
    }

    @Test
    @Provision("5.5-4")
    @Provision("5.8-2")
    void getsNoAnswerInPlainCoap() throws Exception {
      open();
      Peer.Outcome outcome =
          Peer.of(
                  "coap-client-openssl",
                  "-B",
                  "4",
                  "-m",
                  "get",
                  "coap://127.0.0.1:" + ward.address().getPort() + "/.well-known/core")
              .run(LIMIT);
      assertThat(outcome.stdout()).isEmpty();
      assertThat(ward.received).isEmpty();
    }

    @Test
    @Provision("5.5-1")
    void refusesADeviceThatPosesAsTheGateway() throws Exception {
      open();
      // Signed by the authority of devices, which no sensor takes for one of gateways.
      Credential stolen = ward.deviceCa.device("pump-2").dns("localhost").issue();
      try (Impostor impostor = new Impostor(stolen)) {
        Peer.Outcome outcome =
            run(
                "coap-client-openssl",
                ward.device("pump-1", TestGateway.PUMP),
                List.of("-m", "post", "-t", "0", "-e", "hello", "-B", "5"),
                "coaps://127.0.0.1:" + impostor.port,
                "/echo");
        assertThat(outcome.output()).contains("unable to get local issuer certificate");
        assertThat(impostor.heard()).doesNotContain("hello");
      }
    }
  }

  @Nested
  @NeedsPeer("openssl")
  class OurSensor {

    @Test
    @Provision("5.5-1")
    void refusesADeviceThatPosesAsTheGateway() throws Exception {
      open();
      // Even under the gateways' own authority: a certificate for clients is none for servers.
      Credential stolen = ward.gatewayCa.device("pump-2").dns("localhost").issue();
      Credential own = ward.device("pump-1", TestGateway.PUMP);
      try (Impostor impostor = new Impostor(stolen);
          SensorClient sensor =
              SensorClient.builder()
                  .credential(SensorCredential.certificate(own.key(), own.chain(), ward.trust()))
                  .transport(
                      DtlsTransport.to(
                          new InetSocketAddress(InetAddress.getLoopbackAddress(), impostor.port)))
                  .open()) {
        Throwable failure = catchThrowable(() -> MutualAuthenticationTest.post(sensor, "/echo"));
        assertThat(MutualAuthenticationTest.reasonOf(failure))
            .isEqualTo(Reason.CERTIFICATE_WRONG_PURPOSE);
        assertThat(impostor.heard()).doesNotContain("hello");
      }
    }
  }

  @Nested
  @NeedsPeer("openssl")
  class OpenSsl {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-AES128-CCM"
        })
    @Provision("5.5-1")
    void completesWithEachOfferedSuite(String suite) throws Exception {
      open();
      Peer.Outcome outcome = connect("-dtls1_2", "-cipher", suite, certificateArguments());
      assertThat(outcome.output()).contains("Cipher is " + suite).contains("Verify return code: 0");
      await().untilAsserted(() -> assertThat(ward.gateway().metrics().peersAdmitted()).isOne());
    }

    @Test
    void usesTheExtendedMasterSecret() throws Exception {
      open();
      assertThat(connect("-dtls1_2", certificateArguments()).output())
          .contains("Extended master secret: yes");
    }

    @Test
    @Provision("5.5-4")
    void isRefusedWithoutACertificate() throws Exception {
      open();
      Peer.Outcome outcome = connect("-dtls1_2", ca());
      assertThat(outcome.output()).contains("alert bad certificate");
      ward.refused(Reason.NO_CREDENTIAL);
    }

    @Test
    @Provision("5.5-4")
    void isToldThatItsDeviceWasRevoked() throws Exception {
      open();
      List<String> own = certificateArguments();
      ward.gateway().registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);
      assertThat(connect("-dtls1_2", own).output()).contains("alert certificate revoked");
      ward.refused(Reason.DEVICE_REVOKED);
    }

    @Test
    @Provision("5.9-3")
    void comesBackToItsSessionInShort() throws Exception {
      open();
      List<String> own = certificateArguments();
      Path kept = folder.resolve("session.pem");
      assertThat(connect("-dtls1_2", "-sess_out", kept.toString(), own).output())
          .contains("New, TLSv1.2");
      assertThat(connect("-dtls1_2", "-sess_in", kept.toString(), own).output())
          .contains("Reused, TLSv1.2");
      assertThat(ward.gateway().metrics().sessionsResumed()).isOne();

      ward.gateway().registry().revoke(DeviceId.of("pump-1"), Cause.STOLEN);
      assertThat(connect("-dtls1_2", "-sess_in", kept.toString(), own).output())
          .contains("alert certificate revoked");
      assertThat(ward.gateway().metrics().sessionsResumed()).isOne();
    }

    @Test
    @Provision("5.5-1")
    void isNotFollowedIntoARenegotiation() throws Exception {
      open();
      Peer.Outcome outcome =
          connect("-dtls1_2", certificateArguments(), "R\n", Duration.ofSeconds(3));
      assertThat(outcome.output()).contains("RENEGOTIATING");
      assertThat(outcome.timedOut()).as("not answered").isTrue();
      assertThat(ward.gateway().metrics().sessions()).isOne();
    }

    @Test
    @Provision("5.5-1")
    void isRefusedWithDtls10() throws Exception {
      open();
      Peer.Outcome outcome =
          connect("-dtls1", "-cipher", "DEFAULT:@SECLEVEL=0", certificateArguments());
      assertThat(outcome.output()).contains("alert protocol version");
      ward.refused(Reason.UNSUPPORTED_VERSION);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ECDHE-ECDSA-AES128-CCM8",
          "ECDHE-ECDSA-AES128-SHA256",
          "ECDHE-ECDSA-AES256-SHA",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-CHACHA20-POLY1305",
          "PSK-AES128-GCM-SHA256",
          "AECDH-AES128-SHA",
          "ECDHE-ECDSA-NULL-SHA"
        })
    @Provision("5.5-1")
    void isRefusedWithASuiteThatIsNotOffered(String suite) throws Exception {
      open();
      List<String> arguments = new ArrayList<>(certificateArguments());
      arguments.addAll(List.of("-psk", HexFormat.of().formatHex(bytes(KEY))));
      Peer.Outcome outcome = connect("-dtls1_2", "-cipher", suite + ":@SECLEVEL=0", arguments);
      assertThat(outcome.output()).contains("alert handshake failure");
      ward.refused(Reason.NO_COMMON_SUITE);
    }

    @Test
    void takesCcm8WhereThatIsAllowedByName() throws Exception {
      open(DtlsTransport::allowingCcm8);
      assertThat(
              connect(
                      "-dtls1_2",
                      "-cipher",
                      "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0",
                      certificateArguments())
                  .output())
          .contains("Cipher is ECDHE-ECDSA-AES128-CCM8");
    }

    private Peer.Outcome connect(String version, String option, String value, List<String> rest) {
      List<String> arguments = new ArrayList<>(List.of(option, value));
      arguments.addAll(rest);
      return connect(version, arguments);
    }

    private Peer.Outcome connect(String version, List<String> rest) {
      // "Q" on a line of its own ends the session once the handshake is done.
      return connect(version, rest, "Q\n", LIMIT);
    }

    private Peer.Outcome connect(String version, List<String> rest, String typed, Duration limit) {
      List<String> arguments =
          new ArrayList<>(
              List.of("s_client", version, "-connect", "127.0.0.1:" + ward.address().getPort()));
      arguments.addAll(rest);
      return Peer.of("openssl", arguments.toArray(new String[0])).stdin(typed).run(limit);
    }
  }

  @Nested
  @NeedsPeer("gnutls-cli")
  class GnuTls {

    @Test
    @Provision("5.5-1")
    void completesWithACertificateOfItsOwn() throws Exception {
      open();
      Credential.PemFiles own = pump();
      Peer.Outcome outcome =
          connect("--x509certfile", own.cert().toString(), "--x509keyfile", own.key().toString());
      assertThat(outcome.output()).contains("Handshake was completed");
      await().untilAsserted(() -> assertThat(ward.gateway().metrics().peersAdmitted()).isOne());
    }

    @Test
    @Provision("5.5-4")
    void isRefusedWithoutACertificate() throws Exception {
      open();
      assertThat(connect().output()).contains("Certificate is bad");
      ward.refused(Reason.NO_CREDENTIAL);
    }

    @Test
    void isRefusedWithACertificateOfAnotherAuthority() throws Exception {
      open();
      ward.register("pump-1", TestGateway.PUMP);
      Credential.PemFiles stranger =
          TestPki.authority("Device CA").issueDevice("pump-1").writeTo(folder);
      Peer.Outcome outcome =
          connect(
              "--x509certfile",
              stranger.cert().toString(),
              "--x509keyfile",
              stranger.key().toString());
      assertThat(outcome.output()).contains("Certificate is bad");
      ward.refused(Reason.UNKNOWN_AUTHORITY);
    }

    @Test
    void isRefusedWithDtls10() throws Exception {
      open();
      connect("--priority", "NORMAL:-VERS-ALL:+VERS-DTLS1.0:%VERIFY_ALLOW_SIGN_WITH_SHA1");
      // It repeats its hello, and is refused each time.
      ward.refused(Reason.UNSUPPORTED_VERSION);
      assertThat(ward.gateway().metrics().peersAdmitted()).isZero();
    }

    private Peer.Outcome connect(String... more) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "--udp",
                  "--x509cafile",
                  caFile().toString(),
                  "--port",
                  String.valueOf(ward.address().getPort())));
      arguments.addAll(List.of(more));
      arguments.add("localhost");
      return Peer.of("gnutls-cli", arguments.toArray(new String[0])).stdin("\n").run(LIMIT);
    }
  }

  private void open() throws WardgateException {
    ward = new TestGateway(folder);
  }

  private void open(java.util.function.UnaryOperator<DtlsTransport> transport)
      throws WardgateException {
    ward = new TestGateway(folder, transport);
  }

  private void share(String serial) throws WardgateException {
    ward.register(serial, TestGateway.GLUCOSE);
    ward.keys.put("patch", new PreSharedKey(DeviceId.of(serial), "patch", bytes(KEY)));
  }

  private Peer.Outcome psk(String client, String key) {
    return Peer.of(
            client,
            "-v",
            "7",
            "-B",
            "6",
            "-u",
            "patch",
            "-k",
            key,
            "-m",
            "post",
            "-t",
            "0",
            "-e",
            "hello",
            "coaps://127.0.0.1:" + ward.address().getPort() + "/echo")
        .run(LIMIT);
  }

  private Peer.Outcome post(String client, Credential credential, String path, String... body) {
    List<String> arguments = new ArrayList<>(List.of("-m", "post", "-t", "0", "-B", "20"));
    arguments.addAll(body.length == 0 ? List.of("-e", "hello") : List.of(body));
    return run(client, credential, arguments, path);
  }

  private Peer.Outcome run(
      String client, Credential credential, List<String> arguments, String path) {
    return run(
        client, credential, arguments, "coaps://127.0.0.1:" + ward.address().getPort(), path);
  }

  private Peer.Outcome run(
      String client, Credential credential, List<String> arguments, String server, String path) {
    Credential.PemFiles own = credential.writeTo(folder);
    List<String> all = new ArrayList<>(List.of("-v", "7", "-C", caFile().toString()));
    all.addAll(List.of("-c", own.cert().toString(), "-j", own.key().toString()));
    all.addAll(arguments);
    all.add(server + path);
    return Peer.of(client, all.toArray(new String[0])).run(LIMIT);
  }

  private void refused(Peer.Outcome outcome, Reason reason) {
    assertThat(outcome.output()).doesNotContain("2.04");
    ward.refused(reason);
    assertThat(ward.received).isEmpty();
  }

  private List<String> certificateArguments() throws WardgateException {
    Credential.PemFiles own = pump();
    List<String> arguments = new ArrayList<>(ca());
    arguments.addAll(List.of("-cert", own.cert().toString(), "-key", own.key().toString()));
    return arguments;
  }

  private Credential.PemFiles pump() throws WardgateException {
    return ward.device("pump-1", TestGateway.PUMP).writeTo(folder);
  }

  private List<String> ca() {
    return List.of("-CAfile", caFile().toString());
  }

  private Path caFile() {
    return ward.gatewayCa.writeTo(folder.resolve("ca.pem"));
  }

  /** Somebody with a credential that is not a gateway's, listening as if it were. */
  private final class Impostor implements AutoCloseable {

    final int port = freePort();
    private final Path log = folder.resolve("impostor.log");
    private final Process process;

    Impostor(Credential credential) throws IOException {
      Credential.PemFiles files =
          credential.writeTo(Files.createDirectory(folder.resolve("impostor")));
      process =
          new ProcessBuilder(
                  "openssl",
                  "s_server",
                  "-dtls1_2",
                  "-accept",
                  "127.0.0.1:" + port,
                  "-cert",
                  files.cert().toString(),
                  "-key",
                  files.key().toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      await().until(() -> heard().contains("ACCEPT"));
    }

    String heard() throws IOException {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  private static int freePort() throws IOException {
    try (java.net.DatagramSocket socket =
        new java.net.DatagramSocket(0, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static byte[] pattern(int length) {
    byte[] body = new byte[length];
    for (int i = 0; i < length; i++) {
      body[i] = (byte) i;
    }
    return body;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
