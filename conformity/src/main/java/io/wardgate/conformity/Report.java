// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.util.ArrayList;
import java.util.List;

/** The table as it is printed at the end of the build. */
final class Report {

  /** A terminal's width, less the columns before. */
  private static final int WORDS_CHARS = 62;

  private Report() {}

  /** Each provision and the tests that show it, then what did not run here, then the sum. */
  static String of(Matrix matrix, Provisions provisions, Build build) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("ETSI EN 303 645 V3.1.3: what the tests of this build show");
    lines.add(build.describe());
    lines.add("");
    lines.add(row("V3.1.3", "V2.1.1", "library", "result", "tests", "in short"));
    for (Provision provision : provisions.all()) {
      lines.add(
          row(
              provision.id(),
              provision.idV2().isEmpty() ? "-" : provision.idV2(),
              provision.libraryClass().name(),
              matrix.outcome(provision).words(),
              String.valueOf(matrix.testsOf(provision).size()),
              shortened(provision.words())));
      for (TestResult test : matrix.testsOf(provision)) {
        lines.add("    %-10s %s".formatted(test.outcome().words(), inShort(test)));
      }
    }
    addTests(lines, "Failed", matrix.tests(Outcome.FAILED));
    addTests(lines, "Not run here", matrix.tests(Outcome.NOT_RUN));
    addTests(lines, "Run here in part", matrix.notRunInPart());
    lines.add("");
    lines.add(sum(matrix));
    return String.join("\n", lines);
  }

  /** Module, class without its package, and method: enough to find the file. */
  private static String inShort(TestResult test) {
    String name = test.test();
    int method = name.indexOf('#');
    return test.module() + " " + name.substring(name.lastIndexOf('.', method) + 1);
  }

  private static void addTests(List<String> lines, String title, List<TestResult> tests) {
    if (tests.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(title + " (" + tests.size() + "):");
    for (TestResult test : tests) {
      lines.add("  " + test.module() + " " + test.test() + tags(test));
      lines.add("      " + test.reason());
    }
  }

  private static String tags(TestResult test) {
    return test.provisions().isEmpty() ? "" : " " + test.provisions();
  }

  private static String sum(Matrix matrix) {
    return "conformity: provisions shown=%d failed=%d not-run=%d no-test=%d; tests shown=%d failed=%d not-run=%d"
        .formatted(
            matrix.count(Outcome.SHOWN),
            matrix.count(Outcome.FAILED),
            matrix.count(Outcome.NOT_RUN),
            matrix.count(Outcome.NO_TEST),
            matrix.tests(Outcome.SHOWN).size(),
            matrix.tests(Outcome.FAILED).size(),
            matrix.tests(Outcome.NOT_RUN).size());
  }

  private static String row(
      String id, String idV2, String library, String result, String tests, String words) {
    return "  %-8s %-8s %-8s %-13s %5s  %s".formatted(id, idV2, library, result, tests, words);
  }

  private static String shortened(String words) {
    return words.length() <= WORDS_CHARS
        ? words
        : words.substring(0, WORDS_CHARS - 3).strip() + "...";
  }
}
