// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one test method came to.
 *
 * @param module the artifact id of its module
 * @param test class and method, as {@code class#method}
 * @param provisions the numbers of the provisions it is tagged with
 * @param outcome what it came to
 * @param reason why it failed or did not run; beside a shown one, why a part of it did not run
 */
record TestResult(
    String module, String test, List<String> provisions, Outcome outcome, String reason)
    implements Comparable<TestResult> {

  private static final Comparator<TestResult> ORDER =
      Comparator.comparing(TestResult::module)
          .thenComparing(TestResult::test)
          .thenComparing(TestResult::outcome)
          .thenComparing(TestResult::reason);

  private static final Set<String> MEMBERS =
      Set.of("class", "method", "provisions", "outcome", "reason");

  TestResult {
    provisions = List.copyOf(provisions);
  }

  /**
   * Reads a line the listener in {@code fixtures} wrote.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static TestResult parse(String module, String line) {
    Map<String, List<String>> members = Json.object(line);
    if (!members.keySet().equals(MEMBERS)) {
      throw new IllegalArgumentException("members " + members.keySet());
    }
    return new TestResult(
        module,
        only(members, "class") + "#" + only(members, "method"),
        members.getOrDefault("provisions", List.of()),
        Outcome.parse(only(members, "outcome")),
        only(members, "reason"));
  }

  static String only(Map<String, List<String>> members, String name) {
    List<String> texts = members.getOrDefault(name, List.of());
    if (texts.size() != 1) {
      throw new IllegalArgumentException("no " + name);
    }
    return texts.get(0);
  }

  @Override
  public int compareTo(TestResult other) {
    return ORDER.compare(this, other);
  }
}
