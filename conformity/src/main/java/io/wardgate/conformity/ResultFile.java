// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The results of one test JVM run: which build wrote them, for which module, and whether all tests
 * had been asked for.
 *
 * @param run the start of the build that wrote it, which is its name
 * @param module the artifact id of the module
 * @param selection what {@code -Dtest} or {@code -Dit.test} asked for; empty for everything
 * @param tests what the tests came to
 */
record ResultFile(String run, String module, String selection, List<TestResult> tests) {

  /** A hundred thousand tests; beyond that something else lies there. */
  static final long MAX_BYTES = 64 << 20;

  private static final Set<String> HEADER = Set.of("run", "module", "selection");

  ResultFile {
    tests = List.copyOf(tests);
  }

  /**
   * Reads what the listener in {@code fixtures} wrote.
   *
   * @throws IllegalArgumentException if it did not write that
   */
  static ResultFile read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalArgumentException("above " + MAX_BYTES + " bytes");
    }
    return parse(Files.readString(file, StandardCharsets.UTF_8));
  }

  static ResultFile parse(String text) {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the last line has no end");
    }
    List<String> lines = text.lines().toList();
    Map<String, List<String>> header = Json.object(lines.get(0));
    if (!header.keySet().equals(HEADER)) {
      throw new IllegalArgumentException("members " + header.keySet());
    }
    String module = TestResult.only(header, "module");
    return new ResultFile(
        TestResult.only(header, "run"),
        module,
        TestResult.only(header, "selection"),
        lines.stream().skip(1).map(line -> TestResult.parse(module, line)).toList());
  }
}
