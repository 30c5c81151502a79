// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.cli.home.ShortTempDir;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line's contract, seen from outside: what was built, run as a process. */
class CommandLineIT {

  static final Path WARDGATE =
      Path.of(System.getProperty("wardgate.root"), "cli/target/wardgate/bin/wardgate");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CURVE = "ec_paramgen_curve:P-256";

  private static final List<String> COMMANDS =
      List.of(
          "",
          "init",
          "config",
          "config check",
          "gateway",
          "device",
          "device issue",
          "device list",
          "device show",
          "device suspend",
          "device resume",
          "device revoke",
          "device retire",
          "factory",
          "factory open-batch",
          "factory issue",
          "factory close",
          "factory report",
          "est",
          "est invite",
          "est pending",
          "est approve",
          "est deny",
          "est crts",
          "est enrol",
          "est renew",
          "ledger",
          "ledger verify",
          "ledger export",
          "ledger accept",
          "audit",
          "audit verify",
          "audit export",
          "audit accept",
          "crl",
          "crl push",
          "crl accept",
          "clock",
          "clock forget",
          "peer",
          "peer check",
          "backup",
          "restore",
          "erase");

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private Path home;
  private int made;

  @BeforeEach
  void name() {
    home = directory.resolve("gw");
  }

  @Test
  void tellsItsVersionAndHelpsWithEveryCommand() {
    assertThat(done("--version").stdout()).startsWith("wardgate 0.");
    for (String command : COMMANDS) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.remove("");
      words.add("--help");
      assertThat(done(words.toArray(new String[0])).stdout())
          .startsWith(("Usage: wardgate " + command).strip());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "--frobnicate",
        "init",
        "config check",
        "device issue",
        "init a b",
        "init @file a",
        "device issue --home x --id p --role infusion-pump",
        "init x --unlock-file a --unlock-fd 3",
        "init x --unlock-fd 1",
        "init x --unlock-fd three",
        "init x --unlock-fd 10",
        "init x --unlock-fd 7",
        "init x --unlock-fd=7",
        "init x --name *.example",
        "config check --home /nonexistent",
        "device list",
        "device show --home x",
        "device revoke --home x",
        "device revoke --home x --id p --cause because",
        "device resume --home x --id p --cause lost",
        "device suspend --home /tmp --id /p",
        "ledger verify",
        "audit export --home x --format xml",
        "backup --home x",
        "restore --home x",
      })
  void wrongUsageIsOneLineOnStderr(String command) {
    Peer.Outcome outcome = failed(command.split(" "));

    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr().lines()).hasSize(1).allMatch(l -> l.startsWith("wardgate: "));
  }

  @Test
  @Provision("5.4-1")
  void initMakesAHomeOfItsOwnersAloneAndPrintsNoSecret() throws Exception {
    Peer.Outcome outcome = done("init", home.toString());

    assertThat(outcome.stdout()).contains(home.toString(), home + ".unlock");
    assertThat(outcome.output())
        .doesNotContain(Files.readString(directory.resolve("gw.unlock")).strip());
    assertThat(outcome.stderr()).isEmpty();
    try (Stream<Path> content = Files.walk(directory)) {
      assertThat(content.skip(1))
          .allSatisfy(
              path ->
                  assertThat(mode(path))
                      .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void initRefusesAPlaceThatIsTaken() {
    done("init", home.toString());

    assertThat(failed("init", home.toString()).stderr()).contains("not empty");
  }

  @Test
  void initRefusesAPathNoSocketFitsBehind() {
    String place = directory.resolve("g".repeat(100)).toString();

    assertThat(failed("init", place).stderr()).contains("too long");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  @Provision("5.4-1")
  void theUnlockSecretInTheHomeIsRefused() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), home);
    for (String place : List.of(home + "/unlock", home + "/../gw/unlock", link + "/unlock")) {
      assertThat(refused("unlock-secret-in-home", "init", home.toString(), "--unlock-file", place))
          .isNotNull();
    }
    assertThat(home).doesNotExist();

    done("init", home.toString());
    Files.copy(directory.resolve("gw.unlock"), home.resolve("unlock"));
    refused("unlock-secret-in-home", issue("pump-1", "p1", "--unlock-file", home + "/unlock"));
    refused("unlock-secret-in-home", issue("pump-1", "p1", "--unlock-file", link + "/unlock"));
  }

  @Test
  void theUnlockSecretComesFromWhereItIsSaidToBe() throws Exception {
    Path secret = directory.resolve("secret");
    done("init", home.toString(), "--unlock-file", secret.toString());
    assertThat(mode(secret)).isEqualTo("rw-------");
    assertThat(directory.resolve("gw.unlock")).doesNotExist();

    refused("unlock-secret-missing", issue("pump-1", "p1"));
    done(issue("pump-1", "p1", "--unlock-file", secret.toString()));
    assertThat(shell("exec \"$@\" --unlock-fd 3 3<" + secret, issue("pump-2", "p2")).exitCode())
        .isZero();
    assertThat(shell("\"$@\" --unlock-fd 0 <" + secret, issue("pump-3", "p3")).exitCode()).isZero();
    assertThat(shell("cat " + secret + " | \"$@\" --unlock-fd 0", issue("pump-4", "p4")).exitCode())
        .isZero();
    String gone = "cp " + secret + " gone; exec 4<gone; rm gone; \"$@\" --unlock-fd=4";
    assertThat(shell("cd " + directory + "; " + gone, issue("pump-6", "p6")).exitCode()).isZero();
    Files.move(secret, directory.resolve("wardgate-unlock"));
    assertThat(
            shell("CREDENTIALS_DIRECTORY=" + directory + " exec \"$@\"", issue("pump-5", "p5"))
                .exitCode())
        .isZero();
  }

  @Test
  void anUnlockSecretOthersCanReadIsRefused() throws Exception {
    done("init", home.toString());
    Files.setPosixFilePermissions(
        directory.resolve("gw.unlock"), PosixFilePermissions.fromString("rw-r-----"));

    refused("unlock-secret-exposed", issue("pump-1", "p1"));
  }

  @Test
  void aPipeInPlaceOfTheUnlockFileIsNotWaitedFor() {
    done("init", home.toString());
    Path pipe = directory.resolve("pipe");
    peer("mkfifo", "-m", "600", pipe.toString());

    assertThat(failed(issue("pump-1", "p/1", "--unlock-file", pipe.toString())).stderr())
        .contains("not a regular file: " + pipe);
    assertThat(directory.resolve("p")).doesNotExist();
  }

  @Test
  void anotherHomesUnlockSecretIsRefused() {
    done("init", home.toString());
    done("init", directory.resolve("other").toString());

    refused("vault-locked", issue("pump-1", "p1", "--unlock-file", directory + "/other.unlock"));
  }

  @Test
  void aHomeOpenToOthersIsRefused() throws Exception {
    done("init", home.toString());
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));

    refused("home-exposed", issue("pump-1", "p1"));
    refused("home-exposed", "config", "check", "--home", home.toString());
  }

  @Test
  void configCheckSaysOkOrWhatIsWrongAndWhere() throws Exception {
    done("init", home.toString());
    assertThat(done("config", "check", "--home", home.toString()).stdout()).isEqualTo("OK\n");

    Path file = home.resolve("gateway.toml");
    Files.writeString(file, Files.readString(file).replace("port = 5684", "port = 0\ntcp = true"));
    Peer.Outcome outcome = refused("config-invalid", "config", "check", "--home", home.toString());

    assertThat(outcome.stdout().lines().skip(1))
        .singleElement()
        .asString()
        .matches("gateway\\.toml:\\d+:1: unknown key tcp");
  }

  @Test
  @Provision("5.1-1")
  void issueHandsOutACredentialOnceAndKeepsNoPrivateKey() throws Exception {
    done("init", home.toString());
    Peer.Outcome outcome = done(issue("pump-1", "p1"));

    Path out = directory.resolve("p1");
    String key = Files.readString(out.resolve("key.pem"));
    assertThat(key).startsWith("-----BEGIN PRIVATE KEY-----\n");
    assertThat(outcome.output()).doesNotContain(key.substring(28, 60));
    for (String file : List.of("cert.pem", "key.pem", "ca.pem")) {
      assertThat(mode(out.resolve(file))).isEqualTo("rw-------");
    }
    assertThat(out.resolve("ca.pem")).hasSameTextualContentAs(home.resolve("gateway-ca.pem"));
    assertThat(failed(issue("pump-2", "p1")).stderr()).contains("will not overwrite");
    refused("device-already-registered", issue("pump-1", "p2"));
    assertThat(directory.resolve("p2")).doesNotExist();
    assertNothingOfTheKeyIn(home, privateScalar(out.resolve("key.pem")));
  }

  @Test
  @Provision("5.4-1")
  void aPreSharedKeyLiesInTheHomeOnlyEncrypted() throws Exception {
    done("init", home.toString());
    Peer.Outcome outcome = done(issue("tag-1", "t1", "--psk"));

    List<String> psk = Files.readAllLines(directory.resolve("t1/psk.txt"));
    assertThat(psk).hasSize(3);
    String key = psk.get(1).substring("key=".length());
    assertThat(psk.get(0)).matches("identity=wg-[a-z2-7]{16}");
    assertThat(psk.get(2))
        .isEqualTo("key-hex=" + HexFormat.of().formatHex(key.getBytes(ISO_8859_1)));
    assertThat(mode(directory.resolve("t1/psk.txt"))).isEqualTo("rw-------");
    assertThat(outcome.output()).doesNotContain(key);
    assertNothingOfTheKeyIn(home, key.getBytes(ISO_8859_1));
  }

  @Test
  void issueTakesTheEightRolesAndNoOther() {
    done("init", home.toString());
    String[] roles = {
      "ecg-patch",
      "glucose-sensor",
      "blood-pressure",
      "pulse-oximeter",
      "ambulance-monitor",
      "bedside-monitor",
      "infusion-pump",
      "asset-tag"
    };
    for (String role : roles) {
      done(issueAs(role, role, role));
    }
    assertThat(failed(issueAs("x", "admin", "x")).stderr()).contains("--role", "is one of");
    assertThat(failed(issueAs("../x", "asset-tag", "x")).stderr()).contains("--id is");
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void aHomesStateIsCheckedBackedUpAndBroughtBack() throws Exception {
    done("init", home.toString());
    done(issue("pump-1", "p1"));
    done("device", "revoke", "--home", home.toString(), "--id", "pump-1", "--cause", "stolen");
    assertThat(done("ledger", "verify", "--home", home.toString()).stdout())
        .startsWith("OK records=4 ");
    assertThat(done("audit", "export", "--home", home.toString()).stdout().lines())
        .hasSize(2)
        .last()
        .asString()
        .contains("device-revoked");

    Path backup = directory.resolve("gw.backup");
    done("backup", "--home", home.toString(), "--out", backup.toString());
    assertThat(mode(backup)).isEqualTo("rw-------");
    String restored = directory.resolve("r").toString();
    refused("unlock-secret-missing", "restore", "--in", backup.toString(), "--home", restored);
    String unlock = home + ".unlock";
    done("restore", "--in", backup.toString(), "--home", restored, "--unlock-file", unlock);
    assertThat(done("device", "list", "--home", restored, "--unlock-file", unlock).stdout())
        .startsWith("pump-1 infusion-pump revoked ");
  }

  @Test
  void aHomeSomebodyElseHoldsAndDoesNotAnswerForIsInUse() throws Exception {
    done("init", home.toString());
    try (FileChannel channel = FileChannel.open(home.resolve("lock"), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      refused("home-in-use", issue("pump-1", "p1"));
    }
    done(issue("pump-1", "p1"));
  }

  @Test
  @NeedsPeer({"openssl", "certtool"})
  void opensslAndGnutlsTakeTheKeyAndTheCertificate() {
    done("init", home.toString());
    done(issue("pump-1", "p1"));
    String key = directory.resolve("p1/key.pem").toString();
    String certificate = directory.resolve("p1/cert.pem").toString();

    String ofKey = peer("openssl", "pkey", "-in", key, "-pubout").stdout();
    String ofCertificate =
        peer("openssl", "x509", "-in", certificate, "-noout", "-pubkey").stdout();
    assertThat(ofKey).isEqualTo(ofCertificate).startsWith("-----BEGIN PUBLIC KEY");
    assertThat(peer("certtool", "--key-info", "--infile", key).stdout()).contains("SECP256R1");
    assertThat(
            peer(
                    "openssl",
                    "verify",
                    "-x509_strict",
                    "-purpose",
                    "sslclient",
                    "-CAfile",
                    home.resolve("device-ca.pem").toString(),
                    certificate)
                .stdout())
        .contains("OK");
    assertThat(
            Peer.of(
                    "openssl",
                    "verify",
                    "-purpose",
                    "sslserver",
                    "-CAfile",
                    home.resolve("device-ca.pem").toString(),
                    certificate)
                .run(LIMIT)
                .exitCode())
        .isNotZero();
  }

  @Test
  @NeedsPeer({"openssl", "certtool"})
  @Provision("5.4-4")
  void aKeyTheDeviceMadeIsCertifiedAndNeverComesHere() throws Exception {
    done("init", home.toString());
    String key = made("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", CURVE);
    String request = request(key, "/serialNumber=pump-1");

    refused("csr-identity-mismatch", issue("pump-2", "p2", "--csr", request));
    assertThat(directory.resolve("p2")).doesNotExist();
    done(issue("pump-1", "p1", "--csr", request));

    try (var files = Files.list(directory.resolve("p1"))) {
      assertThat(files)
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder("cert.pem", "ca.pem");
    }
    String certificate = directory.resolve("p1/cert.pem").toString();
    assertThat(peer("openssl", "x509", "-in", certificate, "-noout", "-pubkey").stdout())
        .isEqualTo(peer("openssl", "pkey", "-in", key, "-pubout").stdout());
    assertThat(
            peer("openssl", "x509", "-in", certificate, "-noout", "-ext", "basicConstraints")
                .stdout())
        .contains("CA:FALSE");
    refused("key-already-issued", issue("pump-2", "p2", "--csr", request(key, "/CN=pump")));
  }

  @Test
  @NeedsPeer({"openssl", "certtool"})
  void readsRequestsOfOpensslAndGnutlsAndRefusesWhatIsNone() throws Exception {
    done("init", home.toString());
    String key = made("certtool", "--generate-privkey", "--key-type=ecdsa", "--curve=secp256r1");
    Path template = Files.writeString(directory.resolve("template"), "cn = \"tag\"\n");
    String request = directory.resolve("gnutls.csr").toString();
    peer(
        "certtool",
        "--generate-request",
        "--load-privkey",
        key,
        "--template",
        template.toString(),
        "--outfile",
        request);
    assertThat(Path.of(request)).content().contains("BEGIN NEW CERTIFICATE REQUEST");
    done(issue("tag-1", "t1", "--csr", request));

    String rsa =
        made("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
    refused("key-unsuitable", issue("tag-2", "t2", "--csr", request(rsa, "/CN=tag")));
    refused("csr-malformed", issue("tag-2", "t2", "--csr", key));
    failed(issue("tag-2", "t2", "--csr", request, "--psk"));
  }

  private String made(String generator, String... arguments) {
    Path key = directory.resolve("key" + made++);
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of(generator.equals("openssl") ? "-out" : "--outfile", key.toString()));
    peer(generator, words.toArray(new String[0]));
    return key.toString();
  }

  private String request(String key, String subject) {
    Path request = directory.resolve("request" + made++);
    peer("openssl", "req", "-new", "-key", key, "-subj", subject, "-out", request.toString());
    return request.toString();
  }

  private String[] issue(String id, String out, String... more) {
    List<String> words = new ArrayList<>(List.of(issueAs(id, "infusion-pump", out)));
    words.addAll(List.of(more));
    return words.toArray(new String[0]);
  }

  private String[] issueAs(String id, String role, String out) {
    return new String[] {
      "device",
      "issue",
      "--home",
      home.toString(),
      "--id",
      id,
      "--role",
      role,
      "--out",
      directory.resolve(out).toString()
    };
  }

  private static Peer.Outcome done(String... arguments) {
    return ended(0, arguments);
  }

  private static Peer.Outcome failed(String... arguments) {
    Peer.Outcome outcome = ended(2, arguments);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr().lines()).hasSize(1);
    return outcome;
  }

  private static Peer.Outcome refused(String reason, String... arguments) {
    Peer.Outcome outcome = ended(1, arguments);
    assertThat(outcome.stdout().lines().findFirst()).contains("REFUSED " + reason);
    return outcome;
  }

  private static Peer.Outcome ended(int code, String... arguments) {
    Peer.Outcome outcome = Peer.of(WARDGATE.toString(), arguments).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(code);
    assertThat(outcome.output()).doesNotContain("\tat ", "Exception");
    return outcome;
  }

  private static Peer.Outcome shell(String script, String... arguments) {
    Peer.Outcome outcome =
        Peer.of("/bin/sh", "-c", script, "sh", WARDGATE.toString()).with(arguments).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome;
  }

  private static Peer.Outcome peer(String executable, String... arguments) {
    Peer.Outcome outcome = Peer.of(executable, arguments).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome;
  }

  private static void assertNothingOfTheKeyIn(Path folder, byte[] key) throws IOException {
    String raw = new String(key, ISO_8859_1);
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path file : content.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as("%s", file)
            .doesNotContain(raw)
            .doesNotContainIgnoringCase(HexFormat.of().formatHex(key));
      }
    }
  }

  /** The bytes of the key itself. */
  private static byte[] privateScalar(Path pem) throws IOException {
    String base64 =
        Files.readAllLines(pem).stream()
            .filter(line -> !line.startsWith("-"))
            .collect(Collectors.joining());
    try {
      ECPrivateKey key =
          (ECPrivateKey)
              KeyFactory.getInstance("EC")
                  .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      byte[] signed = key.getS().toByteArray();
      // Leading zeros are left out: what is left is as good to search for.
      return Arrays.copyOfRange(signed, signed[0] == 0 ? 1 : 0, signed.length);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
