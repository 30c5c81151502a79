// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.cli.home.ShortTempDir;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code wardgate est}: an operator at one end, a device at the other, a gateway between. */
@Timeout(180)
class EstIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private final List<Process> started = new ArrayList<>();
  private final Authority maker = TestPki.authority("Maker");
  private Path home;
  private Path idevid;
  private Path idevidKey;

  @BeforeEach
  void makeHome() throws Exception {
    home = directory.resolve("gw");
    done("init", home);
    maker.writeTo(home.resolve("maker.pem"));
    Files.writeString(
        home.resolve("gateway.toml"),
        "\n[enrolment]\nmanufacturer = \"maker.pem\"\nvalidity-days = 90\n",
        StandardOpenOption.APPEND);
    Credential.PemFiles files =
        maker.issueDevice("pump-1").writeTo(Files.createDirectory(directory.resolve("idevid")));
    idevid = files.cert();
    idevidKey = files.key();
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
  @Provision("5.4-4")
  void aDeviceWaitsIsApprovedIsEnrolledPostsAndRenews() throws Exception {
    int port = start();
    assertThat(enrol(1, port, "pump").stdout()).startsWith("REFUSED enrolment-waits\n");
    assertThat(done("est", "pending", "--home", home).stdout())
        .matches("waiting pump-1 [0-9a-f]{64} [0-9T:.Z-]+\n");
    assertThat(post(port, idevid, idevidKey)).contains("4.03");

    assertThat(
            done("est", "approve", "--home", home, "--id", "pump-1", "--role", "infusion-pump")
                .stdout())
        .matches("approved pump-1 infusion-pump until [0-9T:.Z-]+\n");
    assertThat(done("est", "pending", "--home", home).stdout())
        .matches("invited pump-1 infusion-pump until [0-9T:.Z-]+ [0-9a-f]{64}\n");
    assertThat(enrol(0, port, "pump").stdout()).startsWith("enrolled ");
    assertThat(done("est", "pending", "--home", home).stdout()).isEmpty();

    Path key = directory.resolve("pump.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(post(port, directory.resolve("pump.pem"), key)).contains("2.04");
    assertThat(done("device", "list", "--home", home).stdout())
        .startsWith("pump-1 infusion-pump active ");

    assertThat(
            client(
                    0,
                    "renew",
                    port,
                    directory.resolve("pump.pem"),
                    key,
                    "--if-due",
                    "--new-key",
                    directory.resolve("early.key"),
                    "--out",
                    directory.resolve("early.pem"))
                .stdout())
        .startsWith("not due until ");
    assertThat(directory.resolve("early.key")).doesNotExist();
    assertThat(
            client(
                    0,
                    "renew",
                    port,
                    directory.resolve("pump.pem"),
                    key,
                    "--new-key",
                    directory.resolve("next.key"),
                    "--out",
                    directory.resolve("next.pem"))
                .stdout())
        .startsWith("renewed ");
    assertThat(post(port, directory.resolve("next.pem"), directory.resolve("next.key")))
        .contains("2.04");
    assertThat(post(port, directory.resolve("pump.pem"), key)).doesNotContain("2.04");
    assertThat(done("ledger", "export", "--home", home).stdout())
        .contains("\"entry\":\"invited\"", "\"entry\":\"enrolled\"", "\"entry\":\"proved\"");
    assertThat(done("audit", "export", "--home", home).stdout())
        .contains("device-waiting", "device-invited", "device-enrolled", "device-renewed");
    done("ledger", "verify", "--home", home);
  }

  @Test
  void anInvitedDeviceIsEnrolledWithoutWaitingAndADeniedOneIsNot() throws Exception {
    // No gateway runs yet.
    assertThat(
            done(
                    "est",
                    "invite",
                    "--home",
                    home,
                    "--id",
                    "pump-1",
                    "--role",
                    "infusion-pump",
                    "--certificate",
                    idevid)
                .stdout())
        .startsWith("invited pump-1 infusion-pump until ");
    int port = start();
    assertThat(enrol(0, port, "pump").stdout()).startsWith("enrolled ");

    Credential.PemFiles other =
        maker.issueDevice("pump-2").writeTo(Files.createDirectory(directory.resolve("other")));
    assertThat(ask(1, port, "two", other.cert(), other.key()).stdout())
        .startsWith("REFUSED enrolment-waits\n");
    assertThat(done("est", "deny", "--home", home, "--id", "pump-2").stdout())
        .isEqualTo("denied pump-2\n");
    assertThat(ask(1, port, "two", other.cert(), other.key()).stdout())
        .startsWith("REFUSED refused-by-gateway\n4.03\n");
    assertThat(
            ended(1, "est", "approve", "--home", home, "--id", "pump-2", "--role", "asset-tag")
                .stdout())
        .startsWith("REFUSED enrolment-unknown\n");
  }

  @Test
  void authoritiesAreFetchedAndGoneToOnceMoreAndNothingIsOverwritten() throws Exception {
    int port = start();
    Path out = directory.resolve("authorities.pem");
    assertThat(client(0, "crts", port, idevid, idevidKey, "--out", out).stdout())
        .isEqualTo("fetched 2\n");
    assertThat(Files.readString(out)).contains("BEGIN CERTIFICATE");
    client(2, "crts", port, idevid, idevidKey, "--out", out);

    Path wrong = TestPki.authority("Somebody").writeTo(directory.resolve("wrong.pem"));
    assertThat(
            ended(
                    1,
                    "est",
                    "crts",
                    "--gateway",
                    "localhost:" + port,
                    "--trust",
                    wrong,
                    "--certificate",
                    idevid,
                    "--key",
                    idevidKey,
                    "--out",
                    directory.resolve("never.pem"))
                .stdout())
        .startsWith("REFUSED ");
    assertThat(directory.resolve("never.pem")).doesNotExist();
  }

  @Test
  void aManufacturersAuthorityWithoutOurOwnIsNoConfiguration() throws Exception {
    String text = Files.readString(home.resolve("gateway.toml"));
    Files.writeString(
        home.resolve("gateway.toml"), text.replace("namespace = \"\"", "namespace = \"acme\""));
    assertThat(ended(1, "config", "check", "--home", home).stdout())
        .startsWith("REFUSED config-invalid\n")
        .contains("device-ca.pem is no anchor of the empty namespace");
    Files.writeString(home.resolve("gateway.toml"), text.replace("maker.pem", "nowhere.pem"));
    assertThat(ended(1, "config", "check", "--home", home).stdout())
        .contains("the file cannot be read");
  }

  private Peer.Outcome enrol(int code, int port, String name) {
    return ask(code, port, name, idevid, idevidKey);
  }

  private Peer.Outcome ask(int code, int port, String name, Path certificate, Path key) {
    return client(
        code,
        "enrol",
        port,
        certificate,
        key,
        "--new-key",
        directory.resolve(name + ".key"),
        "--out",
        directory.resolve(name + ".pem"));
  }

  private Peer.Outcome client(
      int code, String command, int port, Path certificate, Path key, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "est",
                command,
                "--gateway",
                "localhost:" + port,
                "--trust",
                home.resolve("gateway-ca.pem"),
                "--certificate",
                certificate,
                "--key",
                key));
    words.addAll(List.of(more));
    return ended(code, words.toArray());
  }

  /** What libcoap is answered. */
  private String post(int port, Path certificate, Path key) {
    return Peer.of("coap-client-openssl", "-m", "post", "-t", "110", "-B", "10", "-v", "7")
        .with("-c", certificate.toString(), "-j", key.toString())
        .with("-C", home.resolve("gateway-ca.pem").toString(), "-f", "-")
        .with("coaps://localhost:" + port + "/vitals")
        .stdin("[{\"bn\":\"urn:dev:x:\",\"n\":\"147842\",\"u\":\"/min\",\"v\":62}]")
        .run(LIMIT)
        .output();
  }

  private int start() throws IOException {
    Path errors = Files.createTempFile(directory, "gateway", ".err");
    Process process =
        new ProcessBuilder(
                CommandLineIT.WARDGATE.toString(),
                "gateway",
                "--home",
                home.toString(),
                "--port",
                "0")
            .redirectError(errors.toFile())
            .start();
    started.add(process);
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
    assertThat(line)
        .as("%s", Files.readString(errors))
        .matches("listening coaps://localhost:[0-9]+");
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  private static Peer.Outcome done(Object... arguments) {
    return ended(0, arguments);
  }

  private static Peer.Outcome ended(int code, Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    Peer.Outcome outcome = Peer.of(CommandLineIT.WARDGATE.toString(), words).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(code);
    return outcome;
  }
}
