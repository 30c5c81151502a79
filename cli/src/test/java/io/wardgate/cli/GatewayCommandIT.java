// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.ShortTempDir;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.sensor.SensorClient;
import io.wardgate.transport.DtlsTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code wardgate gateway} as a process among other processes. */
@Timeout(180)
class GatewayCommandIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String PACK =
      "[{\"bn\":\"urn:dev:x:\",\"n\":\"147842\",\"u\":\"/min\",\"v\":62}]";

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private final List<Process> started = new ArrayList<>();
  private Path home;
  private Path readings;
  private Path softHsm;

  @BeforeEach
  void makeHome() {
    home = directory.resolve("gw");
    readings = directory.resolve("readings.jsonl");
    wardgate(0, "init", home.toString());
  }

  @AfterEach
  void endWhatIsLeft() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  @NeedsPeer("coap-client-openssl")
  @Provision("5.1-1")
  void aDeviceIssuedWhileTheGatewayRunsPostsAReading() throws Exception {
    Running gateway = start();
    issue(0, "pump-1", "p1");

    post(gateway.port(), certificate("p1"));

    String line = Files.readString(readings);
    assertThat(line).endsWith("\n");
    assertThat(line.strip())
        .matches(
            "\\{\"id\":\"[^\"]+\",\"device\":\"pump-1\",\"role\":\"infusion-pump\","
                + "\"received\":\"[^\"]+\",\"time\":\"[^\"]+\",\"code\":\"147842\","
                + "\"value\":62,\"unit\":\"/min\",\"bn\":\"urn:dev:x:\"}");
    issue(1, "pump-1", "p2");
  }

  @Test
  @NeedsPeer({"openssl", "coap-client-openssl"})
  @Provision("5.4-4")
  void aDeviceThatMadeItsKeyItselfPostsAReading() throws Exception {
    Running gateway = start();
    String key = directory.resolve("pump.key").toString();
    String request = directory.resolve("pump.csr").toString();
    peer("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key);
    peer("req", "-new", "-key", key, "-subj", "/serialNumber=pump-1", "-out", request);
    issue(0, "pump-1", "p1", "--csr", request);

    String[] credential = certificate("p1");
    credential[3] = key;
    post(gateway.port(), credential);

    assertThat(Files.readString(readings)).contains("\"device\":\"pump-1\"");
  }

  private static void peer(String... openssl) {
    assertThat(Peer.of("openssl").with(openssl).run(LIMIT).exitCode()).isZero();
  }

  @Test
  @NeedsPeer("coap-client-openssl")
  void aDeviceWithAnotherGatewaysCertificateIsRefusedAndTheReasonTold() throws Exception {
    Running gateway = start();
    Path other = directory.resolve("other");
    wardgate(0, "init", other.toString());
    issue(0, "pump-1", "stranger", "--home", other.toString());
    Files.copy(
        home.resolve("gateway-ca.pem"),
        directory.resolve("stranger/ca.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    post(gateway.port(), certificate("stranger"));

    assertThat(readings).isEmptyFile();
    assertThat(gateway.end().stderr()).contains("peer-refused").contains("unknown-authority");
  }

  @Test
  @NeedsPeer("coap-client-openssl")
  void aPreSharedKeyOfOpensslNeedsTheOptIn() throws Exception {
    issue(0, "tag-1", "t1", "--psk");
    List<String> psk = Files.readAllLines(directory.resolve("t1/psk.txt"));
    String[] credential = {
      "-u", psk.get(0).substring("identity=".length()), "-k", psk.get(1).substring("key=".length())
    };
    Running strict = start();
    post(strict.port(), credential);
    assertThat(readings).isEmptyFile();
    strict.end();

    Running lenient = start("--allow-plain-psk");
    post(lenient.port(), credential);
    assertThat(Files.readString(readings)).contains("\"device\":\"tag-1\"");
    assertThat(lenient.end().stderr()).contains("psk-without-forward-secrecy");
  }

  @Test
  @Provision("5.4-1")
  @Provision("5.4-4")
  void aDeviceRevokedWhileTheGatewayRunsIsOutOfItsOpenSessionAndGetsNoOther() throws Exception {
    issue(0, "pump-1", "p1");
    Running gateway = start();
    try (SensorClient sensor = sensor("p1", gateway.port())) {
      assertThat(post(sensor)).isEqualTo(Status.CHANGED);
      long before = Files.size(readings);

      assertThat(onHome("device", "revoke", "--id", "pump-1", "--cause", "stolen"))
          .isEqualTo("revoked pump-1\n");

      CompletableFuture<Response> late = request(sensor);
      try (SensorClient again = sensor("p1", gateway.port())) {
        assertThat(request(again))
            .failsWithin(LIMIT)
            .withThrowableThat()
            .havingCause()
            .isInstanceOf(WardgateException.class);
      }
      assertThat(late).isNotDone();
      assertThat(readings).hasSize(before);
    }
    assertThat(onHome("device", "list")).startsWith("pump-1 infusion-pump revoked ");
    // The ledger's beginning, certified, registered, activated, revoked.
    assertThat(onHome("ledger", "verify")).startsWith("OK records=5 ");
    assertThat(onHome("audit", "export"))
        .contains("gateway-started", "session-opened", "\"kind\":\"device-revoked\"")
        .contains("\"kind\":\"peer-refused\"", "\"reason\":\"device-revoked\"");
    assertThat(gateway.end().stderr()).contains("device-revoked local, stolen pump-1 -");
    assertThat(onHome("audit", "export").lines()).last().asString().contains("gateway-stopped");
    assertNothingOfItInTheHome("pump-1", "147842", "infusion-pump revoked");
  }

  @Test
  @NeedsPeer({"softhsm2-util", "coap-client-openssl"})
  @Provision("5.4-2")
  void aGatewayWhoseKeyIsOnATokenServesItsDevices() throws Exception {
    Path token = token("4711");
    issue(0, "pump-1", "p1");
    String pkcs11 = directory.resolve("token.cfg").toString();
    assertThat(gateway(1, "--pkcs11", pkcs11).stdout()).startsWith("REFUSED unlock-secret-missing");
    Path pin = directory.resolve("pin");
    Files.writeString(pin, "4712\n");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    assertThat(gateway(1, "--pkcs11", pkcs11, "--pin-file", pin.toString()).stdout())
        .startsWith("REFUSED token-pin-wrong");
    Files.writeString(pin, "4711\n");
    Running gateway = start("--pkcs11", pkcs11, "--pin-file", pin.toString());
    post(gateway.port(), certificate("p1"));
    assertThat(readings).isNotEmptyFile();
    assertThat(gateway.end().exitCode()).isZero();
    assertThat(token).isDirectory();
  }

  /** A SoftHSM token with a key that keytool made on it, and what SunPKCS11 needs to find it. */
  private Path token(String pin) throws Exception {
    Path tokens = Files.createDirectory(directory.resolve("tokens"));
    softHsm = directory.resolve("softhsm2.conf");
    Files.writeString(softHsm, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
    Path library = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    Path configuration = directory.resolve("token.cfg");
    Files.writeString(
        configuration, "name = Token\nlibrary = " + library + "\nslotListIndex = 0\n");
    String init = "softhsm2-util --init-token --free --label t --so-pin 12345678 --pin " + pin;
    String make =
        Path.of(System.getProperty("java.home"), "bin", "keytool")
            + " -genkeypair -keyalg EC -groupname secp256r1 -alias gateway -dname CN=t"
            + " -sigalg SHA256withECDSA -keystore NONE -storetype PKCS11"
            + " -providerClass sun.security.pkcs11.SunPKCS11 -providerArg "
            + configuration
            + " -storepass "
            + pin;
    for (String command : List.of(init, make)) {
      List<String> words = new ArrayList<>(List.of("SOFTHSM2_CONF=" + softHsm));
      words.addAll(List.of(command.split(" ")));
      Peer.Outcome outcome = Peer.of("env", words.toArray(new String[0])).run(LIMIT);
      assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    }
    return tokens;
  }

  private Peer.Outcome gateway(int code, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "SOFTHSM2_CONF=" + softHsm,
                CommandLineIT.WARDGATE.toString(),
                "gateway",
                "--home",
                home.toString(),
                "--port",
                "0",
                "--readings",
                readings.toString()));
    words.addAll(List.of(more));
    Peer.Outcome outcome = Peer.of("env", words.toArray(new String[0])).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(code);
    return outcome;
  }

  @Test
  void aBackupIsMadeBesideARunningGatewayAndAcceptingWaitsForItsEnd() throws Exception {
    issue(0, "pump-1", "p1");
    Running gateway = start();

    assertThat(onHome("backup", "--out", directory.resolve("b").toString()))
        .startsWith("backed up ");
    Peer.Outcome accept = wardgate(1, "ledger", "accept", "--yes", "--home", home.toString());
    assertThat(accept.stdout()).startsWith("REFUSED home-in-use\n");
    gateway.end();

    Files.copy(directory.resolve("gw.unlock"), directory.resolve("r.unlock"));
    Path restored = directory.resolve("r");
    wardgate(
        0, "restore", "--in", directory.resolve("b").toString(), "--home", restored.toString());
    assertThat(wardgate(0, "device", "list", "--home", restored.toString()).stdout())
        .startsWith("pump-1 infusion-pump ");
  }

  @Test
  @Provision("5.9-3")
  void aSensorGoesOnOverARestart() throws Exception {
    issue(0, "pump-1", "p1");
    Running gateway = start();
    try (SensorClient sensor = sensor("p1", gateway.port())) {
      assertThat(post(sensor)).isEqualTo(Status.CHANGED);
      gateway.end();

      Running again = startAt(gateway.port());
      assertThat(post(sensor)).isEqualTo(Status.CHANGED);
      again.end();
    }
    assertThat(onHome("audit", "export")).containsOnlyOnce("session-opened");
    assertThat(home.resolve("state/connections")).exists();
    assertThat(Files.readAllLines(readings)).hasSize(2);
  }

  @Test
  @Provision("5.5-4")
  void aRevocationListReachesARunningGateway() throws Exception {
    Authority acme = TestPki.authority("Acme Device CA");
    acme.writeTo(home.resolve("acme.pem"));
    Files.writeString(
        home.resolve("gateway.toml"),
        "\n[[trust.anchors]]\nnamespace = \"acme\"\ncertificates = \"acme.pem\"\n",
        StandardOpenOption.APPEND);
    Path list = directory.resolve("list.crl");
    Files.write(list, acme.revocationList().number(2).sign());
    Running gateway = start();

    assertThat(onHome("crl", "push", "--crl", list.toString()))
        .isEqualTo("taken CN=Acme Device CA\n");
    Files.write(list, acme.revocationList().number(1).sign());
    Peer.Outcome older =
        wardgate(1, "crl", "push", "--crl", list.toString(), "--home", home.toString());
    assertThat(older.stdout()).startsWith("REFUSED crl-older\n");
    gateway.end();
    assertThat(onHome("audit", "export")).containsOnlyOnce("revocations-changed");
    assertThat(home.resolve("incoming.crl")).doesNotExist();
  }

  @Test
  void endsCleanlyWhenAskedTo() throws Exception {
    for (String signal : List.of("TERM", "INT")) {
      Running gateway = start();
      assertThat(home.resolve("control.sock")).exists();

      long pid = gateway.process().pid();
      assertThat(Peer.of("kill", "-" + signal, "" + pid).run(LIMIT).exitCode()).isZero();

      // Two seconds are promised; a loaded build machine gets more.
      assertThat(gateway.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.process().exitValue()).isZero();
      assertThat(home.resolve("control.sock")).doesNotExist();
    }
  }

  @Test
  void oneProcessOwnsAHome() throws Exception {
    start();

    Peer.Outcome second = wardgate(1, "gateway", "--home", home.toString(), "--port", "0");

    assertThat(second.stdout()).startsWith("REFUSED home-in-use\n");
  }

  @Test
  void aKilledGatewayLeavesAHomeThatOpensAgain() throws Exception {
    Running first = start();
    first.process().destroyForcibly().waitFor();
    assertThat(home.resolve("control.sock")).exists();

    issue(0, "pump-1", "p1");
    start();
    issue(0, "pump-2", "p2");
    issue(1, "pump-1", "p3");
  }

  @Test
  void aPortInUseIsAnIoError() throws Exception {
    try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(0))) {
      Peer.Outcome outcome =
          wardgate(2, "gateway", "--home", home.toString(), "--port", "" + taken.getLocalPort());
      assertThat(outcome.stdout()).isEmpty();
      assertThat(outcome.stderr().lines()).hasSize(1);
    }
    assertThat(directory.resolve("gw.readings.jsonl")).doesNotExist();
    start();
  }

  @Test
  void aConfigurationThatDoesNotHoldStartsNothing() throws Exception {
    Files.writeString(home.resolve("gateway.toml"), "version = 1\ntrust-all = true\n");

    assertThat(wardgate(1, "gateway", "--home", home.toString()).stdout())
        .startsWith("REFUSED config-invalid\n")
        .contains("unknown key trust-all");
  }

  @Test
  void readingsDoNotGoWhereTheHomeKeepsItsOwn() throws Exception {
    byte[] vault = Files.readAllBytes(home.resolve("keys.p12"));

    Peer.Outcome outcome =
        wardgate(2, "gateway", "--home", home.toString(), "--readings", home + "/keys.p12");

    assertThat(outcome.stderr()).contains("--readings");
    assertThat(home.resolve("keys.p12")).hasBinaryContent(vault);
  }

  @Test
  void readingsInsideTheHomeAreToldOfAndServedAllTheSame() throws Exception {
    readings = home.resolve("readings.jsonl");
    Running gateway = start();

    assertThat(gateway.end().stderr().lines())
        .filteredOn(line -> line.contains("plain text inside the home"))
        .singleElement()
        .asString()
        .startsWith("wardgate: ");
  }

  @Test
  void readingCheckSaysWhatAGatewayWouldSay() throws Exception {
    Path file = directory.resolve("pack");
    Files.writeString(file, PACK);
    assertThat(check(0, file, "senml+json").stdout()).isEqualTo("ACCEPTED 1 readings\n");
    assertThat(check(1, file, "senml+cbor").stdout()).matches("(?s)REFUSED [a-z0-9-]+\n.*");
    Files.writeString(file, PACK.substring(0, 20));
    assertThat(check(1, file, "senml+json").stdout()).matches("(?s)REFUSED [a-z0-9-]+\n.*");
    Files.writeString(file, " ".repeat(100_000));
    assertThat(check(1, file, "senml+json").stdout()).startsWith("REFUSED senml-too-large\n");
    check(2, file, "xml");
    check(2, directory.resolve("nowhere"), "senml+json");
    assertThat(check(2, home, "senml+json").stderr()).contains(home.toString());
  }

  private void assertNothingOfItInTheHome(String... known) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as("%s", file)
            .doesNotContain(known);
      }
    }
  }

  private String onHome(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--home", home.toString()));
    return wardgate(0, words.toArray(new String[0])).stdout();
  }

  private SensorClient sensor(String folder, int port) throws Exception {
    Path out = directory.resolve(folder);
    String base64 =
        Files.readAllLines(out.resolve("key.pem")).stream()
            .filter(line -> !line.startsWith("-"))
            .collect(Collectors.joining());
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    X509Certificate gateway = Pem.certificates(Files.readAllBytes(out.resolve("ca.pem"))).get(0);
    return SensorClient.builder()
        .credential(
            SensorCredential.certificate(
                key,
                Pem.certificates(Files.readAllBytes(out.resolve("cert.pem"))),
                GatewayTrust.anchoredAt(gateway, "localhost")))
        .transport(DtlsTransport.to(new InetSocketAddress("localhost", port)))
        .open();
  }

  /** What the gateway answers to the pack. */
  private static Status post(SensorClient sensor) throws WardgateException {
    return request(sensor).orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join().status();
  }

  private static CompletableFuture<Response> request(SensorClient sensor) throws WardgateException {
    return sensor.request(Method.POST, "/vitals", 110, PACK.getBytes(UTF_8)).toCompletableFuture();
  }

  private Peer.Outcome check(int code, Path file, String format) {
    return wardgate(code, "reading", "check", file.toString(), "--format", format);
  }

  private String[] certificate(String folder) {
    Path out = directory.resolve(folder);
    return new String[] {"-c", out + "/cert.pem", "-j", out + "/key.pem", "-C", out + "/ca.pem"};
  }

  /** Posts the pack; what came of it is seen at the gateway. */
  private static void post(int port, String... credential) {
    Peer.Outcome outcome =
        Peer.of("coap-client-openssl", "-m", "post", "-t", "110", "-B", "10", "-f", "-")
            .with(credential)
            .with("coaps://localhost:" + port + "/vitals")
            .stdin(PACK)
            .run(LIMIT);
    assertThat(outcome.timedOut()).as("%s", outcome).isFalse();
  }

  private void issue(int code, String id, String out, String... instead) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "device",
                "issue",
                "--id",
                id,
                "--role",
                "infusion-pump",
                "--out",
                directory.resolve(out).toString()));
    words.addAll(List.of(instead));
    if (!words.contains("--home")) {
      words.addAll(List.of("--home", home.toString()));
    }
    wardgate(code, words.toArray(new String[0]));
  }

  private static Peer.Outcome wardgate(int code, String... arguments) {
    Peer.Outcome outcome = Peer.of(CommandLineIT.WARDGATE.toString(), arguments).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(code);
    return outcome;
  }

  private Running start(String... more) throws IOException {
    return startAt(0, more);
  }

  private Running startAt(int port, String... more) throws IOException {
    Path errors = Files.createTempFile(directory, "gateway", ".err");
    List<String> command =
        new ArrayList<>(
            List.of(
                CommandLineIT.WARDGATE.toString(),
                "gateway",
                "--home",
                home.toString(),
                "--port",
                "" + port,
                "--readings",
                readings.toString()));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    if (softHsm != null) {
      builder.environment().put("SOFTHSM2_CONF", softHsm.toString());
    }
    Process process = builder.start();
    started.add(process);
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line = out.readLine();
    assertThat(line)
        .as("%s", Files.readString(errors))
        .matches("listening coaps://localhost:[0-9]+");
    return new Running(
        process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)), errors);
  }

  private record Running(Process process, int port, Path errors) {

    Ended end() throws Exception {
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), Files.readString(errors));
    }
  }

  private record Ended(int exitCode, String stderr) {}
}
