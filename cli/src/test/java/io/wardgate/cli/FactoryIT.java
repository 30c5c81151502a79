// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.cli.home.ShortTempDir;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A production site, seen from outside: authorisations by openssl, devices' own requests, kill -9.
 */
@NeedsPeer("openssl")
class FactoryIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ROUNDS = 25;
  private static final int DEVICES = 5000;

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private Path home;
  private Path authoriser;

  @BeforeEach
  void setUp() throws IOException {
    home = directory.resolve("gw");
    done("init", home.toString());
    authoriser = home.resolve("authoriser.pem");
    signer(directory.resolve("planning.key"), authoriser);
    Files.writeString(
        home.resolve("gateway.toml"),
        """

        [factory]
        station = "line-4"
        authoriser = "authoriser.pem"
        """,
        StandardOpenOption.APPEND);
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void aBatchIsAuthorisedIssuedReconciledAndClosed() throws IOException {
    Path batch = authorisation("w48", 4, "line-4", "planning.key", authoriser);
    assertThat(done("factory", "open-batch", "--home", home, "--authorisation", batch).stdout())
        .isEqualTo("opened w48 infusion-pump, 0 of 4 issued\n");

    Path serials = Files.writeString(directory.resolve("serials"), "pump-1\npump-2\n");
    assertThat(issue("w48", "--serials", serials).stdout())
        .isEqualTo("issued 2, before 0, refused 0\n");
    Path requests = Files.createDirectory(directory.resolve("requests"));
    for (String serial : List.of("pump-3", "pump-4", "pump-5")) {
      request(requests, serial);
    }
    Peer.Outcome beyond = ended(1, issueArguments("w48", "--csr", requests));
    assertThat(beyond.stdout())
        .isEqualTo(
            """
            REFUSED batch-count-reached
            pump-5.csr batch-count-reached
            issued 2, before 0, refused 1
            """);

    assertThat(names(directory.resolve("out")))
        .containsExactlyInAnyOrder("pump-1", "pump-2", "pump-3", "pump-4");
    assertThat(names(directory.resolve("out/pump-1")))
        .containsExactlyInAnyOrder("cert.pem", "key.pem");
    assertThat(names(directory.resolve("out/pump-3"))).containsExactly("cert.pem");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("out/pump-1/key.pem"))))
        .isEqualTo("rw-------");
    assertThat(
            peer(
                    "openssl",
                    "verify",
                    "-CAfile",
                    home.resolve("manufacturer-ca.pem").toString(),
                    directory.resolve("out/pump-3/cert.pem").toString())
                .stdout())
        .contains("OK");

    Path produced = Files.writeString(directory.resolve("produced"), "pump-1\npump-2\npump-3\n");
    assertThat(
            ended(1, "factory", "report", "--home", home, "--batch", "w48", "--produced", produced)
                .stdout())
        .isEqualTo("REFUSED batch-not-reconciled\nnot produced pump-4\n");
    Files.writeString(produced, "pump-4\n", StandardOpenOption.APPEND);
    assertThat(
            done("factory", "report", "--home", home, "--batch", "w48", "--produced", produced)
                .stdout())
        .isEqualTo("RECONCILED w48 infusion-pump, 4 of 4 issued, 0 unconfirmed, open\n");
    assertThat(done("factory", "close", "--home", home, "--batch", "w48").stdout())
        .isEqualTo("closed w48, 4 of 4\n");
    assertThat(ended(1, "factory", "open-batch", "--home", home, "--authorisation", batch).stdout())
        .startsWith("REFUSED batch-known");
    assertThat(done("audit", "export", "--home", home).stdout())
        .contains("batch-opened", "batch-closed");
  }

  @Test
  @Provision("5.4-4")
  void nobodyElseAuthorisesAndNowhereElse() throws IOException {
    Path stranger = directory.resolve("stranger.pem");
    signer(directory.resolve("stranger.key"), stranger);
    Path forged = authorisation("w48", 4, "line-4", "stranger.key", stranger);
    assertThat(
            ended(1, "factory", "open-batch", "--home", home, "--authorisation", forged).stdout())
        .startsWith("REFUSED batch-unauthorised");
    Path elsewhere = authorisation("w49", 4, "line-5", "planning.key", authoriser);
    assertThat(
            ended(1, "factory", "open-batch", "--home", home, "--authorisation", elsewhere)
                .stdout())
        .startsWith("REFUSED batch-other-station");
    assertThat(ended(1, issueArguments("w48", "--serials", forged)).stdout())
        .startsWith("REFUSED batch-not-open");
    assertThat(names(directory)).doesNotContain("out");
  }

  @Test
  void aStrangersRequestCostsTheOthersNothing() throws IOException {
    Path batch = authorisation("w48", 4, "line-4", "planning.key", authoriser);
    done("factory", "open-batch", "--home", home, "--authorisation", batch);
    Path requests = Files.createDirectory(directory.resolve("requests"));
    request(requests, "pump-2");
    Files.writeString(requests.resolve("a-broken.csr"), "nothing\n");
    assertThat(ended(1, issueArguments("w48", "--csr", requests)).stdout())
        .isEqualTo(
            """
            REFUSED csr-malformed
            a-broken.csr csr-malformed
            issued 1, before 0, refused 1
            """);
    Path wrong = Files.writeString(directory.resolve("wrong"), "pump-3\n../up\n");
    assertThat(ended(1, issueArguments("w48", "--serials", wrong)).stdout())
        .startsWith("REFUSED input-invalid");
    Path keys = Files.writeString(directory.resolve("keys"), "pump-3\n");
    assertThat(issue("w48", "--serials", keys, "--psk").stdout())
        .isEqualTo("issued 1, before 0, refused 0\n");
    assertThat(Files.readString(directory.resolve("out/pump-3/psk.txt")))
        .startsWith("identity=wg-");
  }

  @Test
  @Provision("5.4-4")
  void killedAtAnyMomentNothingIsIssuedTwiceLostOrHandedOverUnknown() throws Exception {
    Path batch = authorisation("w48", DEVICES, "line-4", "planning.key", authoriser);
    done("factory", "open-batch", "--home", home, "--authorisation", batch);
    Path serials = directory.resolve("serials");
    Files.writeString(
        serials,
        IntStream.range(0, DEVICES).mapToObj(i -> "d" + i + "\n").collect(Collectors.joining()));
    Random random = new Random(48);
    Set<String> handedOver = new HashSet<>();
    int killed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Process process =
          new ProcessBuilder(command(issueArguments("w48", "--serials", serials)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(600 + random.nextInt(1500), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        killed++;
      }
      Set<String> now = devicesIn(directory.resolve("out"));
      assertThat(now).as("what was handed over stays").containsAll(handedOver);
      handedOver.addAll(now);
    }
    assertThat(killed).isPositive();

    issue("w48", "--serials", serials);
    assertThat(devicesIn(directory.resolve("out"))).hasSize(DEVICES);
    assertThat(names(directory.resolve("out"))).noneMatch(name -> name.endsWith(".part"));
    done("ledger", "verify", "--home", home);
    String ledger = done("ledger", "export", "--home", home).stdout();
    List<String> registered =
        ledger.lines().filter(line -> line.contains("\"entry\":\"registered\"")).toList();
    assertThat(registered).hasSize(DEVICES);
    Set<String> numbers = new HashSet<>();
    for (String line : registered) {
      String serial = line.replaceAll(".*\"device\":\"([^\"]+)\".*", "$1");
      String number = line.replaceAll(".*\"serial\":\"([0-9a-f]+)\".*", "$1");
      assertThat(numbers.add(number)).as("no certificate twice").isTrue();
      Path certificate = directory.resolve("out").resolve(serial).resolve("cert.pem");
      assertThat(Files.readString(certificate)).startsWith("-----BEGIN CERTIFICATE");
      assertThat(directory.resolve("out").resolve(serial).resolve("key.pem")).isNotEmptyFile();
    }
    assertThat(
            done("factory", "report", "--home", home, "--batch", "w48", "--produced", serials)
                .stdout())
        .startsWith("RECONCILED w48 infusion-pump, 5000 of 5000 issued, 0 unconfirmed");
  }

  private static Set<String> devicesIn(Path out) throws IOException {
    return Files.exists(out)
        ? names(out).stream().filter(name -> !name.startsWith(".")).collect(Collectors.toSet())
        : Set.of();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Path authorisation(String id, int count, String station, String key, Path signer)
      throws IOException {
    Path json =
        Files.writeString(
            directory.resolve(id + station + ".json"),
            "{\"batch\":\""
                + id
                + "\",\"model\":\"infusion-pump\",\"count\":"
                + count
                + ",\"station\":\""
                + station
                + "\",\"from\":\"2026-01-01T00:00:00Z\",\"until\":\"2036-01-01T00:00:00Z\"}\n");
    Path signed = directory.resolve(id + station + key + ".der");
    peer(
        "openssl",
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-outform",
        "DER",
        "-signer",
        signer.toString(),
        "-inkey",
        directory.resolve(key).toString(),
        "-in",
        json.toString(),
        "-out",
        signed.toString());
    return signed;
  }

  private static void signer(Path key, Path certificate) throws IOException {
    peer(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString(),
        "-subj",
        "/CN=planning",
        "-days",
        "30");
  }

  private void request(Path requests, String serial) {
    peer(
        "openssl",
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        directory.resolve(serial + ".key").toString(),
        "-subj",
        "/serialNumber=" + serial,
        "-out",
        requests.resolve(serial + ".csr").toString());
  }

  private Peer.Outcome issue(String batch, Object... more) {
    return done(issueArguments(batch, more));
  }

  private Object[] issueArguments(String batch, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "factory",
                "issue",
                "--home",
                home,
                "--batch",
                batch,
                "--out",
                directory.resolve("out")));
    arguments.addAll(List.of(more));
    return arguments.toArray();
  }

  private static Peer.Outcome done(Object... arguments) {
    return ended(0, arguments);
  }

  private static Peer.Outcome ended(int code, Object... arguments) {
    List<String> command = command(arguments);
    Peer.Outcome outcome =
        Peer.of(command.get(0), command.subList(1, command.size()).toArray(new String[0]))
            .run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(code);
    assertThat(outcome.output()).doesNotContain("\tat ", "Exception");
    return outcome;
  }

  private static List<String> command(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(CommandLineIT.WARDGATE.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  private static Peer.Outcome peer(String executable, String... arguments) {
    Peer.Outcome outcome = Peer.of(executable, arguments).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome;
  }
}
