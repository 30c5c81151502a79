// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The last step of the build: prints which provision is shown by which tests, writes the dated
 * results into the jar, and turns the build red.
 *
 * <p>Red is: a failed test; a tagged test that has vanished from, or does not yet stand in, {@code
 * conformity/shown-by.txt}; a tag the standard does not have; results that are missing, unreadable
 * or from another run; with {@code -Dpeers=required} also a test that did not run. With {@code
 * -DskipTests} or {@code -Dtest} there is nothing to claim: it says so and writes no results.
 */
public final class ConformityTable {

  private static final String BASELINE = "conformity/shown-by.txt";
  private static final String RESULTS = "io/wardgate/conformity/results.json";

  private final Path root;
  private final Path results;
  private final String run;
  private final boolean peersRequired;
  private final boolean record;
  private final boolean skip;
  private final PrintStream out;

  ConformityTable(Map<String, String> settings, PrintStream out) {
    root = Path.of(required(settings, "root"));
    results = Path.of(required(settings, "classes")).resolve(RESULTS);
    run = required(settings, "run");
    peersRequired = required(settings, "peers").equals("required");
    record = on(required(settings, "record"));
    skip = on(required(settings, "skipTests")) || on(required(settings, "skip"));
    this.out = out;
  }

  /**
   * Called by the build with {@code root=}, {@code classes=}, {@code run=}, {@code peers=}, {@code
   * record=}, {@code skipTests=} and {@code skip=}.
   *
   * @throws IllegalStateException if the build must be red; the message says why
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      settings.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    new ConformityTable(settings, System.out).run();
  }

  void run() throws IOException {
    Files.deleteIfExists(results);
    if (skip) {
      out.println("conformity: tests were skipped; nothing is claimed, no results are written");
      return;
    }
    Reactor reactor = Reactor.collect(root, run);
    if (!reactor.selections().isEmpty()) {
      out.println(
          "conformity: only "
              + reactor.selections()
              + " ran; nothing is claimed, no results are"
              + " written");
      return;
    }
    report(reactor);
  }

  private void report(Reactor reactor) throws IOException {
    Provisions provisions = Provisions.shipped();
    Matrix matrix = new Matrix(provisions, reactor.tests());
    Build build = Build.in(root, run);
    out.println(Report.of(matrix, provisions, build));
    List<String> problems = new ArrayList<>(reactor.problems());
    if (record && problems.isEmpty()) {
      Files.write(root.resolve(BASELINE), matrix.shownBy());
    }
    problems.addAll(matrix.problems(baseline(), peersRequired));
    if (!problems.isEmpty()) {
      throw new IllegalStateException(red(problems));
    }
    Files.createDirectories(results.getParent());
    Files.writeString(results, ResultsJson.of(matrix, provisions, build));
  }

  private SortedSet<String> baseline() throws IOException {
    Path file = root.resolve(BASELINE);
    return Files.exists(file) ? new TreeSet<>(Files.readAllLines(file)) : new TreeSet<>();
  }

  private static String red(List<String> problems) {
    StringBuilder text = new StringBuilder("conformity is red:");
    problems.forEach(problem -> text.append("\n  ").append(problem));
    if (problems.stream().anyMatch(p -> p.startsWith("vanished") || p.startsWith("not recorded"))) {
      text.append("\nIf that is intended: ./mvnw verify -Dconformity.record, and commit ")
          .append(BASELINE);
    }
    return text.toString();
  }

  private static boolean on(String flag) {
    // Maven turns a bare -DskipTests into "true"; anything but an explicit false counts as on.
    return !flag.equals("false");
  }

  private static String required(Map<String, String> settings, String name) {
    String value = settings.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the build must say " + name + "=");
    }
    return value;
  }
}
