// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.util.List;
import java.util.StringJoiner;

/**
 * The results as they lie in the jar, {@code results.json}: the build, every provision with its
 * tests, and every test that did not run.
 */
final class ResultsJson {

  private ResultsJson() {}

  static String of(Matrix matrix, Provisions provisions, Build build) {
    StringJoiner rows = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
    provisions.all().forEach(provision -> rows.add(row(provision, matrix)));
    return "{\n  \"standard\": \"ETSI EN 303 645 V3.1.3\",\n"
        + member("date", build.date())
        + member("commit", build.commit())
        + ("  \"clean\": " + build.clean() + ",\n")
        + member("java", build.java())
        + member("os", build.os())
        + ("  \"provisions\": " + rows + ",\n")
        + ("  \"notRun\": " + list(matrix.tests(Outcome.NOT_RUN)) + "\n}\n");
  }

  private static String row(Provision provision, Matrix matrix) {
    return "{\"id\": %s, \"outcome\": %s, \"tests\": %s}"
        .formatted(
            Json.quoted(provision.id()),
            Json.quoted(matrix.outcome(provision).words()),
            list(matrix.testsOf(provision)));
  }

  private static String list(List<TestResult> tests) {
    StringJoiner list = new StringJoiner(", ", "[", "]");
    for (TestResult test : tests) {
      list.add(
          "{\"module\": %s, \"test\": %s, \"outcome\": %s, \"reason\": %s}"
              .formatted(
                  Json.quoted(test.module()),
                  Json.quoted(test.test()),
                  Json.quoted(test.outcome().words()),
                  Json.quoted(test.reason())));
    }
    return list.toString();
  }

  private static String member(String name, String value) {
    return "  \"" + name + "\": " + Json.quoted(value) + ",\n";
  }
}
