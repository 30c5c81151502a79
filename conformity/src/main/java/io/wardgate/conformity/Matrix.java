// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Each provision with the tests that show it, and what is wrong with that. Immutable.
 *
 * <p>A provision is failed if any of its tests failed, shown if at least one was shown and none
 * failed, not run here if none of its tests ran.
 */
final class Matrix {

  private final Map<Provision, List<TestResult>> rows = new LinkedHashMap<>();
  private final List<TestResult> tests;
  private final SortedSet<String> unknownTags = new TreeSet<>();

  /** Sorts the tests under the provisions they are tagged with. */
  Matrix(Provisions provisions, List<TestResult> tests) {
    this.tests = List.copyOf(tests);
    provisions.all().forEach(provision -> rows.put(provision, new ArrayList<>()));
    for (TestResult test : tests) {
      for (String id : test.provisions()) {
        provisions
            .find(id)
            .ifPresentOrElse(
                known -> testsOf(known).add(test),
                () -> unknownTags.add(id + " on " + test.module() + " " + test.test()));
      }
    }
  }

  /** The tests tagged with this provision. */
  List<TestResult> testsOf(Provision provision) {
    return rows.getOrDefault(provision, List.of());
  }

  /** What the provision's tests came to, taken together. */
  Outcome outcome(Provision provision) {
    List<Outcome> all = testsOf(provision).stream().map(TestResult::outcome).toList();
    for (Outcome strongest : List.of(Outcome.FAILED, Outcome.SHOWN, Outcome.NOT_RUN)) {
      if (all.contains(strongest)) {
        return strongest;
      }
    }
    return Outcome.NO_TEST;
  }

  /** All tests of the build, tagged or not. */
  List<TestResult> tests() {
    return tests;
  }

  /** The tests that came to this. */
  List<TestResult> tests(Outcome outcome) {
    return tests.stream().filter(test -> test.outcome() == outcome).toList();
  }

  /** The tests of which something did not run here, though the rest may have. */
  List<TestResult> notRunInPart() {
    return tests.stream()
        .filter(test -> test.outcome() == Outcome.SHOWN && !test.reason().isEmpty())
        .toList();
  }

  /** How many provisions came to this. */
  long count(Outcome outcome) {
    return rows.keySet().stream().filter(row -> outcome(row) == outcome).count();
  }

  /** One {@code provision module class#method} for each tag, sorted: what the baseline keeps. */
  SortedSet<String> shownBy() {
    SortedSet<String> lines = new TreeSet<>();
    for (TestResult test : tests) {
      test.provisions().forEach(id -> lines.add(id + " " + test.module() + " " + test.test()));
    }
    return lines;
  }

  /** What turns the build red. */
  List<String> problems(SortedSet<String> baseline, boolean peersRequired) {
    List<String> problems = new ArrayList<>();
    tests(Outcome.FAILED).forEach(test -> problems.add("failed: " + test.test()));
    unknownTags.forEach(tag -> problems.add("unknown provision: " + tag));
    SortedSet<String> now = shownBy();
    baseline.stream()
        .filter(line -> !now.contains(line))
        .forEach(line -> problems.add("vanished: " + line));
    // Unrecorded, a test could vanish again without anybody noticing.
    now.stream()
        .filter(line -> !baseline.contains(line))
        .forEach(line -> problems.add("not recorded yet: " + line));
    if (peersRequired) {
      tests(Outcome.NOT_RUN).forEach(test -> problems.add(notRun(test)));
      notRunInPart().forEach(test -> problems.add(notRun(test)));
    }
    return problems;
  }

  private static String notRun(TestResult test) {
    return "not run, but -Dpeers=required: " + test.test() + ": " + test.reason();
  }
}
