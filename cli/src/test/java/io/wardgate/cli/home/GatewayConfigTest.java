// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.ca.HostName;
import io.wardgate.ca.Pem;
import io.wardgate.exchange.Method;
import io.wardgate.registry.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigTest {

  private static final String DEFAULT =
      DefaultConfiguration.text(new HostName("localhost"), new GatewayHome(Path.of("/srv/gw")));

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private GatewayHome home;

  @BeforeEach
  void makeHome() throws Exception {
    home = TestHome.in(directory);
  }

  @Test
  void theDefaultsStandInTheFileAndHoldWithoutIt() throws Exception {
    GatewayConfig written = GatewayConfig.parse(DEFAULT, home);
    GatewayConfig bare =
        GatewayConfig.parse(
            "version = 1\n[[uplinks]]\nkind = \"file\"\npath = \"../gw.readings.jsonl\"\n", home);

    assertThat(bare.limits()).isEqualTo(written.limits());
    assertThat(bare.port()).isEqualTo(written.port()).isEqualTo(5684);
    assertThat(bare.address()).isEqualTo(written.address()).isEmpty();
    assertThat(bare.name()).isEqualTo(written.name());
    assertThat(bare.preSharedKeys()).isEqualTo(written.preSharedKeys());
    assertThat(bare.readings()).isEqualTo(written.readings());
    assertThat(bare.readings().normalize()).isEqualTo(home.readings());
  }

  @Test
  void readingsGoBesideTheHomeWhateverItsName() throws Exception {
    GatewayHome odd = new GatewayHome(directory.resolve("a \"b\" \\ c"));
    GatewayConfig config =
        GatewayConfig.parse(DefaultConfiguration.text(new HostName("localhost"), odd), home);

    assertThat(config.readings().normalize())
        .isEqualTo(directory.resolve("a \"b\" \\ c.readings.jsonl"));
    assertThat(home.holds(config.readings())).isFalse();
    assertThat(home.holds(home.directory().resolve("readings.jsonl"))).isTrue();
  }

  @Test
  void nothingIsAllowedThatTheFileDoesNotAllow() throws Exception {
    String onlyPumps =
        DEFAULT.replaceAll("(?m)^(?!infusion-pump)[a-z-]+ = \\[\"POST /vitals\"]\n", "");
    GatewayConfig config = GatewayConfig.parse(onlyPumps, home);

    assertThat(config.access().allows(Role.INFUSION_PUMP, Method.POST, "/vitals")).isTrue();
    assertThat(config.access().allows(Role.ASSET_TAG, Method.POST, "/vitals")).isFalse();
    assertThat(config.access().allows(Role.INFUSION_PUMP, Method.GET, "/vitals")).isFalse();
  }

  @Test
  void aStationIsNamedAndHasAnAuthoriser() throws Exception {
    assertThat(GatewayConfig.parse(DEFAULT, home).factory()).isEmpty();
    GatewayConfig.Factory factory =
        GatewayConfig.parse(
                DEFAULT
                    + "\n[factory]\nstation = \"line-4\"\nauthoriser = \"device-ca.pem\"\n"
                    + "hardware-type = \"1.3.6.1.4.1.99999.1\"\n",
                home)
            .factory()
            .orElseThrow();
    assertThat(factory.station()).isEqualTo("line-4");
    assertThat(factory.authoriser().getSubjectX500Principal().getName()).contains("device");
    assertThat(factory.hardwareType()).contains("1.3.6.1.4.1.99999.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "station = \"line-4\"",
        "authoriser = \"device-ca.pem\"",
        "station = \"line-4\"\nauthoriser = \"nothing.pem\"",
        "station = \"line-4\"\nauthoriser = \"gateway.toml\"",
        "station = \"line-4\"\nauthoriser = \"device-ca.pem\"\nhardware-type = \"pump\"",
        "station = \"line-4\"\nauthoriser = \"device-ca.pem\"\ncount = 5",
        "station = 4\nauthoriser = \"device-ca.pem\""
      })
  void aStationThatIsNotWholeIsRefused(String section) {
    assertThat(
            catchThrowableOfType(
                InvalidConfigException.class,
                () -> GatewayConfig.parse(DEFAULT + "\n[factory]\n" + section + "\n", home)))
        .isNotNull();
  }

  @Test
  void anotherMakersAuthorityGetsItsNamespace() throws Exception {
    anchorFile("acme.pem");
    GatewayConfig config =
        GatewayConfig.parse(
            DEFAULT + "\n[[trust.anchors]]\nnamespace = \"acme\"\ncertificates = \"acme.pem\"\n",
            home);

    assertThat(config.anchors())
        .extracting(GatewayConfig.Anchor::namespace)
        .containsExactly("", "acme");
    assertThat(config.trust(identity -> Optional.empty()).anchorCertificates()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Wrong types.
        "version = 1|version = \"1\"",
        "name = \"localhost\"|name = 1",
        "address = \"*\"|address = true",
        "port = 5684|port = \"5684\"",
        "port = 5684|port = 5684.0",
        "pre-shared-keys = true|pre-shared-keys = \"yes\"",
        "namespace = \"\"|namespace = 0",
        "certificates = \"device-ca.pem\"|certificates = [\"device-ca.pem\"]",
        "asset-tag = [\"POST /vitals\"]|asset-tag = \"POST /vitals\"",
        "asset-tag = [\"POST /vitals\"]|asset-tag = [1]",
        "kind = \"file\"|kind = 1",
        "path = \"../gw.readings.jsonl\"|path = 1",
        "outstanding-per-device = 8|outstanding-per-device = \"8\"",
        "outstanding-in-total = 1024|outstanding-in-total = []",
        "handler-threads = 4|handler-threads = 2026-11-23",
        "retry-after-seconds = 2|retry-after-seconds = {}",
        // Out of range.
        "version = 1|version = 2",
        "version = 1|version = 0",
        "port = 5684|port = -1",
        "port = 5684|port = 65536",
        "port = 5684|port = 9223372036854775807",
        "outstanding-per-device = 8|outstanding-per-device = 0",
        "outstanding-per-device = 8|outstanding-per-device = 257",
        "outstanding-in-total = 1024|outstanding-in-total = 0",
        "outstanding-in-total = 1024|outstanding-in-total = 65537",
        "handler-threads = 4|handler-threads = 0",
        "handler-threads = 4|handler-threads = 65",
        "retry-after-seconds = 2|retry-after-seconds = 0",
        "retry-after-seconds = 2|retry-after-seconds = 3601",
        // Not what it must be.
        "name = \"localhost\"|name = \"*.example\"",
        "address = \"*\"|address = \"localhost\"",
        "address = \"*\"|address = \"10.0.0.300\"",
        "namespace = \"\"|namespace = \"Acme\"",
        "certificates = \"device-ca.pem\"|certificates = \"nowhere.pem\"",
        "certificates = \"device-ca.pem\"|certificates = \"keys.p12\"",
        "certificates = \"device-ca.pem\"|certificates = \"gateway-ca.pem\"",
        "certificates = \"device-ca.pem\"|certificates = \"a\\u0000b\"",
        "asset-tag = [\"POST /vitals\"]|asset-tag = [\"GET /vitals\"]",
        "asset-tag = [\"POST /vitals\"]|asset-tag = [\"POST /vital\"]",
        "asset-tag = [\"POST /vitals\"]|asset-tag = [\"*\"]",
        "asset-tag = [\"POST /vitals\"]|Asset-Tag = [\"POST /vitals\"]",
        "kind = \"file\"|kind = \"kafka\"",
        "path = \"../gw.readings.jsonl\"|path = \"\"",
        "path = \"../gw.readings.jsonl\"|path = \"a\\u0000b\"",
        "path = \"../gw.readings.jsonl\"|path = \"keys.p12\"",
        "path = \"../gw.readings.jsonl\"|path = \"../gw/./gateway.toml\"",
        "path = \"../gw.readings.jsonl\"|path = \"lock\"",
        "path = \"../gw.readings.jsonl\"|path = \"control.sock\"",
        "path = \"../gw.readings.jsonl\"|path = \"device-ca.pem\"",
        "path = \"../gw.readings.jsonl\"|path = \"state\"",
        "path = \"../gw.readings.jsonl\"|path = \"state/readings.jsonl\"",
        // Unknown keys, one in each table.
        "version = 1|version = 1; verbose = true",
        "name = \"localhost\"|name = \"localhost\"; names = []",
        "port = 5684|port = 5684; tcp = true",
        "pre-shared-keys = true|pre-shared-keys = true; trust-all = true",
        "namespace = \"\"|namespace = \"\"; pin = \"x\"",
        "kind = \"file\"|kind = \"file\"; secret = \"hunter2\"",
        "handler-threads = 4|handler-threads = 4; threads = 4",
        // Not TOML.
        "port = 5684|port = ",
        "port = 5684|port = 5684; port = 5685",
        "[limits]|[limits",
      })
  void refusesAndSaysWhere(String good, String bad) {
    assertThat(DEFAULT).contains(good);
    String text = DEFAULT.replace(good, bad.replace("; ", "\n"));

    List<ConfigProblem> problems = problems(text);

    assertThat(problems).hasSize(1);
    int line = (int) DEFAULT.substring(0, DEFAULT.indexOf(good)).lines().count() + 1;
    assertThat(problems.get(0).line()).isBetween(line - 2, line + 2);
    assertThat(problems.get(0).toString()).startsWith("gateway.toml:").doesNotContain("hunter2");
  }

  @Test
  void saysThatNoSecretBelongsHereAndDoesNotRepeatIt() {
    List<ConfigProblem> problems = problems(DEFAULT + "\n[mqtt]\npassword = \"hunter2\"\n");
    assertThat(problems).singleElement().asString().contains("unknown key mqtt");

    problems = problems(DEFAULT.replace("[listen]", "[listen]\npassword = \"hunter2\""));
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("no secret belongs in this file")
        .doesNotContain("hunter2");
  }

  @Test
  void gathersEverythingThatIsWrongInTheOrderOfTheFile() {
    List<ConfigProblem> problems =
        problems(DEFAULT.replace("port = 5684", "port = 0x1ffff").replace("= 4", "= 0"));

    assertThat(problems).hasSize(2);
    assertThat(problems.get(0).line()).isLessThan(problems.get(1).line());
  }

  @Test
  void refusesToTrustNobody() {
    String nobody =
        DEFAULT
            .replace("pre-shared-keys = true", "pre-shared-keys = false")
            .replaceAll("(?s)\\[\\[trust.anchors]].*?pem\"\n", "");

    assertThat(problems(nobody)).singleElement().asString().contains("nobody is trusted");
  }

  @Test
  void refusesOneAuthorityInTwoNamespacesAndOneNamespaceTwice() {
    String again = "\n[[trust.anchors]]\nnamespace = \"%s\"\ncertificates = \"device-ca.pem\"\n";

    assertThat(problems(DEFAULT + again.formatted("acme"))).hasSize(1);
    assertThat(problems(DEFAULT + again.formatted(""))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void exactlyOneUplink(int uplinks) {
    String one = "[[uplinks]]\nkind = \"file\"\npath = \"../gw.readings.jsonl\"\n";

    assertThat(problems(DEFAULT.replace(one, "") + "\n" + one.repeat(uplinks))).hasSize(1);
  }

  @Test
  void refusesToWriteReadingsOverTheVaultHoweverItIsSpelled() throws Exception {
    Files.createSymbolicLink(directory.resolve("way"), home.directory());
    Files.createLink(directory.resolve("twin"), home.vault());

    for (String path : List.of("../way/keys.p12", "../twin", "../way/state/x")) {
      assertThat(problems(DEFAULT.replace("../gw.readings.jsonl", path)))
          .singleElement()
          .asString()
          .contains("a file of the home's own");
    }
  }

  @Test
  void everyTruncationIsTakenOrRefusedNeverMore() {
    for (int length = 0; length <= DEFAULT.length(); length++) {
      String cut = DEFAULT.substring(0, length);
      InvalidConfigException refused =
          catchThrowableOfType(InvalidConfigException.class, () -> GatewayConfig.parse(cut, home));
      if (refused != null) {
        assertThat(refused.reason()).isEqualTo(Reason.CONFIG_INVALID);
        assertThat(refused.problems()).isNotEmpty();
      }
    }
  }

  @Test
  void refusesNestingThatWouldExhaustTheStack() {
    assertThat(problems("a = " + "[".repeat(30_000))).hasSize(1);
    assertThat(problems("a = " + "{a = ".repeat(510) + "1" + "}".repeat(510))).isNotEmpty();
  }

  @Test
  void refusesAFileAboveTheLimitAndOneThatIsNotText() throws Exception {
    Files.writeString(home.configuration(), DEFAULT + "#".repeat(GatewayConfig.MAX_BYTES));
    assertThat(catchThrowableOfType(InvalidConfigException.class, () -> GatewayConfig.of(home)))
        .isNotNull();

    Files.write(home.configuration(), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(catchThrowableOfType(InvalidConfigException.class, () -> GatewayConfig.of(home)))
        .isNotNull();
  }

  @Test
  void refusesAnAnchorThatIsNoAuthority() throws Exception {
    EmbeddedAuthority authority = anchorFile("acme.pem");
    var leaf =
        authority.issueDevice(
            io.wardgate.DeviceId.of("x"),
            io.wardgate.ca.EcKeys.p256(TestHome.RANDOM).getPublic(),
            Duration.ofDays(1));
    Files.writeString(home.directory().resolve("acme.pem"), Pem.certificate(leaf));

    assertThat(problems(DEFAULT.replace("device-ca.pem", "acme.pem"))).hasSize(1);
  }

  private EmbeddedAuthority anchorFile(String name) throws Exception {
    EmbeddedAuthority authority =
        EmbeddedAuthority.selfSigned("Acme", Duration.ofDays(1), TestHome.CLOCK, TestHome.RANDOM);
    Files.writeString(home.directory().resolve(name), Pem.certificate(authority.certificate()));
    return authority;
  }

  private List<ConfigProblem> problems(String text) {
    InvalidConfigException refused =
        catchThrowableOfType(InvalidConfigException.class, () -> GatewayConfig.parse(text, home));
    assertThat(refused).as("refused: %s", text).isNotNull();
    return refused.problems();
  }
}
