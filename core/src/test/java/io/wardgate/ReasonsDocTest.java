// SPDX-License-Identifier: Apache-2.0
package io.wardgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reasons.md} is written from {@link Reason}, and no code once listed there ever goes.
 *
 * <p>After adding a reason: {@code ./mvnw -pl core -am test -Dtest=ReasonsDocTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dreasons.record}.
 */
class ReasonsDocTest {

  private static final Path ROOT = Path.of(System.getProperty("wardgate.root", ".."));
  private static final Path PAGE = ROOT.resolve("docs/reasons.md");

  /** Every code there ever was; recording only adds. */
  private static final Path EVER = ROOT.resolve("core/src/test/resources/io/wardgate/reasons.txt");

  @BeforeAll
  static void recordIfAsked() throws IOException {
    if (System.getProperty("reasons.record") == null) {
      return;
    }
    Set<String> ever = new TreeSet<>(codes());
    if (Files.exists(EVER)) {
      ever.addAll(Files.readAllLines(EVER));
    }
    Files.createDirectories(EVER.resolveSibling("."));
    Files.write(EVER, ever);
    Files.createDirectories(PAGE.resolveSibling("."));
    Files.writeString(PAGE, page());
  }

  @Test
  void thePageListsEveryReason() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("docs/reasons.md is out of date: run ./mvnw -pl core -am test -Dreasons.record")
        .isEqualTo(page());
  }

  @Test
  void noReasonIsEverRenamedOrRemoved() throws IOException {
    assertThat(codes())
        .as("a reason is a contract; new ones are recorded with -Dreasons.record")
        .containsExactlyInAnyOrderElementsOf(Files.readAllLines(EVER));
  }

  private static List<String> codes() {
    return Arrays.stream(Reason.values()).map(Reason::code).toList();
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Reasons

            Why Wardgate refuses something. The word in the first column is a contract: it is the same in security events,
            on the command line and in logs, and is never renamed or reused. The sentence may change. A peer never learns
            the reason.

            Written from `io.wardgate.Reason` by `ReasonsDocTest`; do not edit.

            | reason | meaning |
            |---|---|
            """);
    Arrays.stream(Reason.values())
        .sorted(Comparator.comparing(Reason::code))
        .forEach(
            reason ->
                page.append("| `")
                    .append(reason.code())
                    .append("` | ")
                    .append(reason.meaning().replace("|", "\\|"))
                    .append(" |\n"));
    return page.toString();
  }
}
