// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.cli.home.ShortTempDir;
import io.wardgate.cli.home.UnlockSource;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept in a home, as commands show it, copies lose it and backups bring it back. */
@Timeout(240)
class HomeStateCommandsTest {

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private Path home;

  @BeforeEach
  void makeHome() {
    home = directory.resolve("gw");
    wardgate(0, "init", home.toString());
    issue(0, home, "pump-4711");
  }

  @Test
  void aDevicesLifeIsShownAndAudited() {
    assertThat(on(0, home, "device list"))
        .singleElement()
        .asString()
        .matches("pump-4711 infusion-pump issued \\S+Z [0-9a-f]{16}");
    assertThat(on(0, home, "device suspend", "--id", "pump-4711", "--cause", "maintenance"))
        .containsExactly("suspended pump-4711");
    assertThat(on(0, home, "device resume", "--id", "pump-4711"))
        .containsExactly("resumed pump-4711");
    assertThat(on(0, home, "device revoke", "--id", "pump-4711", "--cause", "stolen"))
        .containsExactly("revoked pump-4711");
    assertThat(on(1, home, "device resume", "--id", "pump-4711"))
        .startsWith("REFUSED device-state-final");
    assertThat(on(1, home, "device retire", "--id", "acme/pump-4711"))
        .startsWith("REFUSED device-not-registered");
    assertThat(on(1, home, "device show", "--id", "pump-1"))
        .startsWith("REFUSED device-not-registered");

    assertThat(on(0, home, "device show", "--id", "pump-4711"))
        .startsWith("device pump-4711", "role infusion-pump", "state revoked")
        .anyMatch(line -> line.endsWith(" suspended maintenance"))
        .last()
        .asString()
        .endsWith(" revoked stolen");
    assertThat(on(0, home, "device list", "--json"))
        .singleElement()
        .asString()
        .contains("\"state\":\"revoked\"");
    assertThat(on(0, home, "audit export"))
        .satisfiesExactly(
            line -> assertThat(line).contains("device-registered"),
            line -> assertThat(line).contains("device-suspended"),
            line -> assertThat(line).contains("device-resumed"),
            line -> assertThat(line).contains("device-revoked", "local, stolen"));
  }

  @Test
  @Provision("5.5-4")
  void aRevocationListIsTakenFromItsAuthorityOnly() throws Exception {
    Authority acme = TestPki.authority("Acme Device CA");
    acme.writeTo(home.resolve("acme.pem"));
    Files.writeString(
        home.resolve("gateway.toml"),
        "\n[[trust.anchors]]\nnamespace = \"acme\"\ncertificates = \"acme.pem\"\n",
        StandardOpenOption.APPEND);
    Authority below = acme.issueIntermediate("Acme Issuing CA");
    Path issuer = below.writeTo(directory.resolve("issuing.pem"));
    Path list = directory.resolve("list.crl");

    Files.write(list, acme.revocationList().number(7).sign());
    assertThat(on(0, home, "crl push", "--crl", list.toString()))
        .containsExactly("taken CN=Acme Device CA");
    assertThat(on(0, home, "crl push", "--crl", list.toString())).as("again").hasSize(1);
    Files.write(list, acme.revocationList().number(6).sign());
    assertThat(on(1, home, "crl push", "--crl", list.toString())).startsWith("REFUSED crl-older");

    Files.write(list, below.revocationList().sign());
    assertThat(on(1, home, "crl push", "--crl", list.toString()))
        .startsWith("REFUSED crl-unusable");
    assertThat(on(0, home, "crl push", "--crl", list.toString(), "--issuer", issuer.toString()))
        .containsExactly("taken CN=Acme Issuing CA");

    Files.write(list, TestPki.authority("Acme Device CA").revocationList().number(8).sign());
    assertThat(on(1, home, "crl push", "--crl", list.toString()))
        .as("a namesake's")
        .startsWith("REFUSED crl-unusable");
    Files.writeString(list, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
    assertThat(on(1, home, "crl push", "--crl", list.toString()))
        .startsWith("REFUSED crl-unusable");
    assertThat(on(0, home, "audit export"))
        .filteredOn(line -> line.contains("revocations-changed"))
        .hasSize(3);
  }

  @Test
  void revocationsThatAreLostAreToldUntilAnOperatorGoesOnWithoutThem() throws Exception {
    assertThat(on(0, home, "crl accept")).containsExactly("accepted 0 losses");
    Files.delete(home.resolve("state/revocations.head"));
    assertThat(on(1, home, "crl accept")).startsWith("REFUSED state-rolled-back");
    assertThat(on(0, home, "crl accept", "--yes")).containsExactly("accepted 1 losses");
    assertThat(on(0, home, "crl accept")).containsExactly("accepted 0 losses");
    assertThat(on(0, home, "audit export"))
        .anyMatch(
            line -> line.contains("state-accepted") && line.contains("revocations, losses 1"));
  }

  @Test
  void anOperatorMayForgetATimeThatWasWrong() throws Exception {
    assertThat(on(0, home, "clock forget")).containsExactly("believes nothing");
    try (OpenHome open =
        OpenHome.open(
            GatewayHome.at(home),
            UnlockSource.BESIDE_THE_HOME,
            InstantSource.system(),
            new SecureRandom())) {
      open.timeFloor().raise(Instant.parse("2031-01-01T00:00:00Z").getEpochSecond());
    }
    assertThat(on(0, home, "clock forget")).containsExactly("believes 2031-01-01T00:00:00Z");
    assertThat(on(0, home, "clock forget", "--yes")).containsExactly("forgot 2031-01-01T00:00:00Z");
    assertThat(on(0, home, "clock forget")).containsExactly("believes nothing");
    assertThat(on(0, home, "audit export"))
        .anyMatch(line -> line.contains("state-accepted") && line.contains("clock, losses 1"));
  }

  @Test
  void verifySaysHowFarItGoesAndExportWritesItOnce() throws Exception {
    String line = "OK records=%d segments=\\d+ head=\\d+ hash=[0-9a-f]{64} acknowledged=\\d+";
    assertThat(on(0, home, "ledger verify")).singleElement().asString().matches(line.formatted(3));
    assertThat(on(0, home, "audit verify")).singleElement().asString().matches(line.formatted(1));

    Path out = directory.resolve("events");
    assertThat(on(0, home, "audit export", "--format", "rfc5424", "--out", out.toString()))
        .isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(out))
        .singleElement()
        .asString()
        .matches("<110>1 \\S+Z - wardgate - device-registered \\[event@32473 seq=\"1\" .*]");
    assertThat(on(2, home, "audit export", "--out", out.toString())).isEmpty();
    for (String inside : List.of("events", "state/ledger/00000000000000000099.wgj")) {
      assertThat(on(2, home, "ledger export", "--out", home.resolve(inside).toString())).isEmpty();
      assertThat(home.resolve(inside)).doesNotExist();
    }
    assertThat(on(0, home, "ledger export"))
        .hasSize(3)
        .allMatch(entry -> entry.startsWith("{\"sequence\":"));
  }

  @Test
  @Provision("5.4-1")
  void aDamagedLedgerIsSaidIssuesNothingAndGoesOnWhenAccepted() throws Exception {
    Path segment = lastSegment("ledger");
    byte[] bytes = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(bytes, bytes.length - 1));

    assertThat(on(1, home, "ledger verify"))
        .startsWith("REFUSED state-rolled-back")
        .element(1)
        .asString()
        .contains("cut off at the end");
    assertThat(issue(1, home, "pump-2").stdout()).startsWith("REFUSED state-rolled-back\n");
    Outcome export = wardgate(1, "ledger", "export", "--home", home.toString());
    assertThat(export.stdout().lines()).hasSize(2);
    assertThat(export.stderr().lines())
        .anyMatch(line -> line.contains("state-rolled-back"))
        .anyMatch(line -> line.contains("cut off at the end"));
    assertThat(on(1, home, "ledger accept")).startsWith("REFUSED state-rolled-back").hasSize(2);
    assertThat(on(1, home, "backup", "--out", directory + "/b"))
        .startsWith("REFUSED state-rolled-back");

    assertThat(on(0, home, "ledger accept", "--yes")).containsExactly("accepted 1 losses");
    assertThat(on(0, home, "ledger verify")).hasSize(1);
    issue(0, home, "pump-2");
    assertThat(on(0, home, "audit export"))
        .anyMatch(line -> line.contains("state-accepted") && line.contains("ledger, losses 1"));
  }

  @Test
  @Provision("5.4-1")
  void aHomeCopiedWithoutItsUnlockSecretYieldsNothing() throws Exception {
    wardgate(0, issueWords(home, "tag-4712", "--psk"));
    String psk = Files.readAllLines(directory.resolve("tag-4712/psk.txt")).get(1).substring(4);
    wardgate(0, "backup", "--home", home.toString(), "--out", directory + "/b");
    Path copy = copy("copy");

    for (List<String> command :
        List.of(
            List.of("gateway", "--port", "0"),
            List.of("device", "list"),
            List.of("device", "show", "--id", "pump-4711"),
            List.of("device", "suspend", "--id", "pump-4711"),
            List.of("device", "resume", "--id", "pump-4711"),
            List.of("device", "revoke", "--id", "pump-4711"),
            List.of("device", "retire", "--id", "pump-4711"),
            List.of("ledger", "verify"),
            List.of("ledger", "export"),
            List.of("ledger", "accept"),
            List.of("ledger", "accept", "--yes"),
            List.of("audit", "verify"),
            List.of("audit", "export"),
            List.of("audit", "accept"),
            List.of("audit", "accept", "--yes"),
            List.of("clock", "forget"),
            List.of("clock", "forget", "--yes"),
            List.of("crl", "accept"),
            List.of("crl", "accept", "--yes"),
            List.of("backup", "--out", directory + "/c"))) {
      List<String> words = new ArrayList<>(command);
      words.addAll(List.of("--home", copy.toString()));
      Outcome outcome = wardgate(1, words.toArray(new String[0]));
      assertThat(outcome.stdout()).as("%s", command).startsWith("REFUSED unlock-secret-missing\n");
      assertThat(outcome.output()).doesNotContain("pump-4711\n");
    }
    assertThat(issue(1, copy, "pump-9").stdout()).startsWith("REFUSED unlock-secret-missing\n");
    assertThat(
            wardgate(1, "restore", "--in", directory + "/b", "--home", directory + "/r").stdout())
        .startsWith("REFUSED unlock-secret-missing\n");

    byte[] secret = psk.getBytes(ISO_8859_1);
    String key = Files.readAllLines(directory.resolve("pump-4711/key.pem")).get(1);
    String raw = new String(Base64.getDecoder().decode(key.substring(0, 60)), ISO_8859_1);
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path file :
          Stream.concat(files.filter(Files::isRegularFile), Stream.of(directory.resolve("b")))
              .toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as("%s", file)
            .doesNotContain("4711", "4712", psk, "device-registered")
            .doesNotContain(HexFormat.of().formatHex(secret), key, raw.substring(raw.length() - 8));
      }
    }
  }

  @Test
  @Provision("5.4-1")
  void aHomeCopiedWithItsSecretIssuesOnlyOnceSomebodyDecides() throws Exception {
    Path copy = copy("copy");
    Files.copy(directory.resolve("gw.unlock"), directory.resolve("copy.unlock"));

    assertThat(issue(1, copy, "pump-2").stdout()).startsWith("REFUSED state-copied\n");
    assertThat(directory.resolve("pump-2")).doesNotExist();
    assertThat(on(1, copy, "ledger verify")).containsExactly("REFUSED state-copied");
    assertThat(wardgate(0, "device", "list", "--home", copy.toString()).stderr())
        .startsWith("wardgate: state-copied: ");
    assertThat(on(1, copy, "ledger accept")).containsExactly("REFUSED state-copied");
    assertThat(on(0, copy, "ledger accept", "--yes")).containsExactly("accepted 0 losses");
    issue(0, copy, "pump-2");
  }

  @Test
  void aBackupBringsAHomeBackThatSaysSo() throws Exception {
    Path backup = directory.resolve("b");
    String backedUp = on(0, home, "backup", "--out", backup.toString()).get(0);
    assertThat(backedUp).matches("backed up \\d+");
    String head = backedUp.substring("backed up ".length());
    assertThat(on(2, home, "backup", "--out", backup.toString())).isEmpty();

    Files.copy(directory.resolve("gw.unlock"), directory.resolve("r.unlock"));
    assertThat(
            wardgate(0, "restore", "--in", backup.toString(), "--home", directory + "/r").stdout())
        .isEqualTo("restored " + head + " epoch 2\n");
    Path restored = directory.resolve("r");
    assertThat(on(0, restored, "device list")).isEqualTo(on(0, home, "device list"));
    assertThat(on(0, restored, "audit export")).last().asString().contains("home-restored");
    issue(0, restored, "pump-2");
    wardgate(0, "config", "check", "--home", restored.toString());
    wardgate(2, "restore", "--in", backup.toString(), "--home", directory + "/r");
    Files.write(backup, new byte[] {1}, java.nio.file.StandardOpenOption.WRITE);
    Files.copy(directory.resolve("gw.unlock"), directory.resolve("s.unlock"));
    assertThat(
            wardgate(1, "restore", "--in", backup.toString(), "--home", directory + "/s").stdout())
        .startsWith("REFUSED backup-damaged\n");
    assertThat(directory.resolve("s")).doesNotExist();
  }

  private Outcome issue(int code, Path place, String id) {
    return wardgate(code, issueWords(place, id));
  }

  private String[] issueWords(Path place, String id, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "device",
                "issue",
                "--home",
                place.toString(),
                "--id",
                id,
                "--role",
                "infusion-pump",
                "--out",
                directory.resolve(id).toString()));
    words.addAll(List.of(more));
    return words.toArray(new String[0]);
  }

  /** What a command on a home printed. */
  private static List<String> on(int code, Path home, String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--home", home.toString()));
    words.addAll(List.of(more));
    return wardgate(code, words.toArray(new String[0])).stdout().lines().toList();
  }

  /** Runs it in this very process: what a process adds, {@link CommandLineIT} shows. */
  private static Outcome wardgate(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int ended = Wardgate.run(new PrintWriter(out), new PrintWriter(err), arguments);
    Outcome outcome = new Outcome(out.toString(), err.toString());
    assertThat(ended).as("%s: %s", Arrays.toString(arguments), outcome).isEqualTo(code);
    assertThat(outcome.output()).doesNotContain("\tat ", "Exception");
    return outcome;
  }

  private record Outcome(String stdout, String stderr) {

    String output() {
      return stdout + stderr;
    }
  }

  private Path lastSegment(String part) throws IOException {
    try (Stream<Path> segments = Files.list(home.resolve("state").resolve(part))) {
      return segments.sorted().reduce((a, b) -> b).orElseThrow();
    }
  }

  private Path copy(String name) throws IOException {
    Path place = directory.resolve(name);
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.toList()) {
        Files.copy(file, place.resolve(home.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return place;
  }
}
