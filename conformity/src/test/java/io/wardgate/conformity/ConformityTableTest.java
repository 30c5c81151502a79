// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build of two modules, one of which has an integration test, in a folder without Git. */
class ConformityTableTest {

  private static final String SHOWN = line("shows", "\"5.1-1\"", "shown", "");
  private static final String NOT_RUN =
      line("asksAPeer", "\"5.5-1\"", "not-run", "not run here: coap is not installed");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Map<String, String> settings = new HashMap<>();
  private final Path root;

  ConformityTableTest(@TempDir Path root) {
    this.root = root;
  }

  @BeforeEach
  void layOutABuild() throws IOException {
    write("pom.xml", "<project><modules><module>a</module><module>b</module></modules></project>");
    write("a/src/test/java/x/OneTest.java", "");
    write("b/src/test/java/x/TwoIT.java", "");
    write("conformity/shown-by.txt", "5.1-1 mod x.OneTest#shows\n5.5-1 mod x.OneTest#asksAPeer\n");
    results("a/target/test-results.jsonl", SHOWN);
    results("b/target/it-results.jsonl", NOT_RUN);
    settings.putAll(
        Map.of(
            "root", root.toString(),
            "classes", root.resolve("classes").toString(),
            "run", "now",
            "peers", "optional",
            "record", "false",
            "skipTests", "false",
            "skip", "false"));
  }

  @Test
  void printsEveryProvisionAndWhatDidNotRunAndKeepsTheResults() throws Exception {
    run();
    assertThat(printed())
        .containsPattern("5.1-1 +5.1-1 +DIRECT +shown +1 ")
        .containsPattern("5.5-1 +5.5-1 +DIRECT +not run here +1 ")
        .containsPattern("5.7-1 +5.7-1 +OUT +no test +0 ")
        .contains("Not run here (1):", "mod x.OneTest#asksAPeer [5.5-1]", "coap is not installed")
        .contains("provisions shown=1 failed=0 not-run=1 no-test=76; tests shown=1");
    assertThat(kept())
        .contains("\"date\": \"now\"", "\"commit\": \"unknown\"", "\"clean\": false")
        .contains("{\"id\": \"5.1-1\", \"outcome\": \"shown\", \"tests\": [{\"module\": \"mod\"")
        .contains("{\"id\": \"5.7-1\", \"outcome\": \"no test\", \"tests\": []}");
  }

  @Test
  void isRedWhereATestFailedTaggedOrNot() throws Exception {
    results("a/target/test-results.jsonl", SHOWN, line("breaks", "", "failed", "why"));
    isRed("failed: x.OneTest#breaks");
    assertThat(printed()).contains("Failed (1):");
  }

  @Test
  void aFailureOutweighsWhatWasShown() throws Exception {
    results("a/target/test-results.jsonl", SHOWN, line("breaks", "\"5.1-1\"", "failed", "why"));
    isRed("failed: x.OneTest#breaks");
    assertThat(printed()).containsPattern("5.1-1 +5.1-1 +DIRECT +failed +2 ");
  }

  @Test
  void isRedWhereATestVanished() throws Exception {
    results("a/target/test-results.jsonl");
    isRed("vanished: 5.1-1 mod x.OneTest#shows");
  }

  @Test
  void isRedWhereATestIsNotRecordedYet() throws Exception {
    results("a/target/test-results.jsonl", SHOWN, line("shows", "\"5.1-3\"", "shown", ""));
    isRed("not recorded yet: 5.1-3 mod x.OneTest#shows");
  }

  @Test
  void recordsWhichTestsThereAre() throws Exception {
    results("a/target/test-results.jsonl", line("other", "\"5.1-3\"", "shown", ""));
    settings.put("record", "true");
    run();
    assertThat(root.resolve("conformity/shown-by.txt"))
        .hasContent("5.1-3 mod x.OneTest#other\n5.5-1 mod x.OneTest#asksAPeer\n");
  }

  @Test
  void isRedWhereATagNamesNoProvision() throws Exception {
    results("a/target/test-results.jsonl", SHOWN, line("odd", "\"5.99-1\"", "shown", ""));
    isRed("unknown provision: 5.99-1 on mod x.OneTest#odd");
  }

  @Test
  void isRedWhereAPeerIsMissingThatIsRequired() throws Exception {
    settings.put("peers", "required");
    isRed("not run, but -Dpeers=required: x.OneTest#asksAPeer: not run here: coap");
  }

  @Test
  void isRedWhereOneInvocationDidNotRunThatIsRequired() throws Exception {
    results("b/target/it-results.jsonl", line("asksAPeer", "\"5.5-1\"", "shown", "not all here"));
    run();
    assertThat(printed()).contains("Run here in part (1):");
    settings.put("peers", "required");
    isRed("not run, but -Dpeers=required: x.OneTest#asksAPeer: not all here");
  }

  @Test
  void isRedWhereResultsAreMissingStaleOrUnreadable() throws Exception {
    write("a/target/test-results.jsonl", header("then", "") + SHOWN);
    isRed("a/target/test-results.jsonl is of another run");
    write("a/target/test-results.jsonl", header("now", "") + SHOWN.substring(0, 30) + "\n");
    isRed("unreadable results: a/target/test-results.jsonl: character 30");
    Files.delete(root.resolve("a/target/test-results.jsonl"));
    isRed("a/target/test-results.jsonl is missing");
  }

  @Test
  void refusesAResultFileCutAnywhere() {
    String text = header("now", "") + SHOWN;
    for (int end = 0; end < text.length(); end++) {
      String cut = text.substring(0, end);
      // Cut between two lines it is a whole file; the vanished test tells.
      if (end != header("now", "").length()) {
        assertThatThrownBy(() -> ResultFile.parse(cut))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void claimsNothingWhereTestsWereSkippedOrPicked() throws Exception {
    run();
    write("a/target/test-results.jsonl", header("now", "One*") + SHOWN);
    run();
    assertThat(printed()).contains("only [One*] ran; nothing is claimed");
    assertThat(root.resolve("classes/io/wardgate/conformity/results.json")).doesNotExist();
    settings.put("skipTests", "true");
    run();
    assertThat(printed()).contains("tests were skipped; nothing is claimed");
    assertThat(root.resolve("classes/io/wardgate/conformity/results.json")).doesNotExist();
  }

  private void isRed(String why) {
    assertThatThrownBy(this::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(why);
    assertThat(root.resolve("classes/io/wardgate/conformity/results.json")).doesNotExist();
  }

  private void run() throws IOException {
    new ConformityTable(settings, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private String kept() throws IOException {
    return Files.readString(root.resolve("classes/io/wardgate/conformity/results.json"));
  }

  private void results(String file, String... lines) throws IOException {
    write(file, header("now", "") + String.join("", lines));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private static String header(String run, String selection) {
    return "{\"run\":\"%s\",\"module\":\"mod\",\"selection\":\"%s\"}\n".formatted(run, selection);
  }

  private static String line(String method, String provisions, String outcome, String reason) {
    return "{\"class\":\"x.OneTest\",\"method\":\"%s\",\"provisions\":[%s],\"outcome\":\"%s\",\"reason\":\"%s\"}\n"
        .formatted(method, provisions, outcome, reason);
  }
}
