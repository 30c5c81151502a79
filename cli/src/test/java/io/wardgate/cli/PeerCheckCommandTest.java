// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.TestPki;
import io.wardgate.json.JsonWriter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code wardgate peer check} answers, alone and in batches. */
class PeerCheckCommandTest {

  private static final String NOW = "2026-11-26T12:00:00Z";

  private final ObedientClock clock = ObedientClock.at(NOW);
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final Credential pump = devices.issueDevice("pump-1");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    Files.writeString(folder.resolve("ca.pem"), TestPki.pem(devices.certificate()));
    Files.writeString(folder.resolve("pump.pem"), TestPki.pem(pump.leaf()));
    Files.write(folder.resolve("good.crl"), devices.revocationList().number(1).sign());
    Files.writeString(
        folder.resolve("bad.crl"),
        pemOf(devices.revocationList().number(2).revoking(pump.leaf()).sign()));
  }

  @Test
  void namesTheDeviceOfAChainThatHolds() {
    assertThat(check("device", NOW)).isZero();
    assertThat(out.toString()).isEqualTo("ACCEPTED pump-1\n");
  }

  @Test
  void saysWhyAChainDoesNotHold() {
    assertThat(check("gateway", NOW)).isEqualTo(1);
    assertThat(out.toString()).startsWith("REFUSED certificate-wrong-purpose\n");
  }

  @Test
  void saysTheSubjectOfAGateway() throws Exception {
    Files.writeString(
        folder.resolve("pump.pem"), TestPki.pem(devices.issueServer("gw.example").leaf()));
    assertThat(check("gateway", NOW)).isZero();
    assertThat(out.toString()).isEqualTo("ACCEPTED CN=gw.example\n");
  }

  @Test
  void takesListsInAnyOrderAndOfOneAuthorityTheLatest() {
    String good = folder.resolve("good.crl").toString();
    String bad = folder.resolve("bad.crl").toString();
    assertThat(check("device", NOW, "--crl", good)).isZero();
    assertThat(check("device", NOW, "--crl", good, "--crl", bad)).isEqualTo(1);
    assertThat(check("device", NOW, "--crl", bad, "--crl", good)).isEqualTo(1);
    assertThat(out.toString()).contains("REFUSED certificate-revoked");
  }

  @Test
  void aDeviceWithoutANameIsRefused() throws Exception {
    Credential nameless = devices.device("x").serialNumbers().issue();
    Files.writeString(folder.resolve("pump.pem"), TestPki.pem(nameless.leaf()));
    assertThat(check("device", NOW)).isEqualTo(1);
    assertThat(out.toString()).startsWith("REFUSED identity-missing\n");
  }

  @Test
  void wrongUsageIsToldApart() {
    assertThat(check("device", "yesterday")).isEqualTo(2);
    assertThat(check("pump", NOW)).isEqualTo(2);
    assertThat(run("peer", "check", "--purpose", "device")).isEqualTo(2);
    assertThat(run("peer", "check", "--batch", "--at", NOW)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void answersEveryLineOfABatchInOrder() {
    String good = line("a::good", pem(devices), List.of(), pem(pump), NOW, "device");
    String crl = line("b", pem(devices), List.of(badList()), pem(pump), NOW, "device");
    String stranger =
        line("c", pem(TestPki.authority("Other", clock)), List.of(), pem(pump), NOW, "device");
    String nobody = line("d", List.of(), List.of(), pem(pump), NOW, "device");
    String late = line("e", pem(devices), List.of(), pem(pump), "soon", "device");
    String odd = line("f", List.of("-----BEGIN NONSENSE"), List.of(), pem(pump), NOW, "device");
    Credential nameless = devices.device("x").serialNumbers().issue();
    String unnamed = line("g", pem(devices), List.of(), pem(nameless), NOW, "device");
    String input =
        String.join("\n", good, crl, stranger, nobody, late, odd, unnamed, "", "{\"id\":\"h\"")
            + "\nnonsense\n"
            + good;

    assertThat(batch(input)).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "a::good ACCEPTED pump-1",
            "b REFUSED certificate-revoked",
            "c REFUSED unknown-authority",
            "d REFUSED unknown-authority",
            "e REFUSED input-invalid",
            "f REFUSED certificate-unreadable",
            "g ACCEPTED CN=device",
            "h REFUSED json-truncated",
            "- REFUSED json-unexpected-type",
            "a::good ACCEPTED pump-1");
  }

  @Test
  void everyTruncationOfALineIsARefusal() {
    String whole = line("a", pem(devices), List.of(badList()), pem(pump), NOW, "device");
    StringBuilder input = new StringBuilder();
    for (int length = 1; length < whole.length(); length += 7) {
      input.append(whole, 0, length).append('\n');
    }
    assertThat(batch(input.toString())).isZero();
    assertThat(out.toString().lines()).allMatch(answer -> answer.contains(" REFUSED json-"));
  }

  private String badList() {
    return pemOf(devices.revocationList().revoking(pump.leaf()).sign());
  }

  private static String pemOf(byte[] list) {
    return "-----BEGIN X509 CRL-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(list)
        + "\n-----END X509 CRL-----\n";
  }

  private static List<String> pem(Authority authority) {
    return List.of(TestPki.pem(authority.certificate()));
  }

  private static List<String> pem(Credential credential) {
    return List.of(TestPki.pem(credential.leaf()));
  }

  private static String line(
      String id,
      List<String> anchors,
      List<String> crls,
      List<String> chain,
      String at,
      String purpose) {
    JsonWriter json = new JsonWriter().beginObject().name("id").text(id);
    array(json, "anchors", anchors);
    array(json, "intermediates", List.of());
    array(json, "crls", crls);
    array(json, "chain", chain);
    return json.name("at").text(at).name("purpose").text(purpose).endObject().toString();
  }

  private static void array(JsonWriter json, String name, List<String> texts) {
    json.name(name).beginArray();
    texts.forEach(json::text);
    json.endArray();
  }

  private int check(String purpose, String at, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "peer",
                "check",
                "--anchors",
                folder.resolve("ca.pem").toString(),
                "--chain",
                folder.resolve("pump.pem").toString(),
                "--at",
                at,
                "--purpose",
                purpose));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(new String[0]));
  }

  private int batch(String input) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
    try {
      return run("peer", "check", "--batch");
    } finally {
      System.setIn(before);
    }
  }

  private int run(String... arguments) {
    return Wardgate.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
