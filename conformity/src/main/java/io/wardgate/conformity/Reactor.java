// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The modules of the build, and the test results each must have left behind.
 *
 * <p>A module with a {@code *Test.java} must have unit test results, one with an {@code *IT.java}
 * integration test results; anything else, or results of another run, is a problem. This module's
 * own integration tests run after the table and are not awaited.
 */
final class Reactor {

  private static final String OWN_MODULE = "conformity";

  private final String run;
  private final List<TestResult> tests = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> selections = new ArrayList<>();

  private Reactor(String run) {
    this.run = run;
  }

  /** Collects the results of all modules that the POM in {@code root} names. */
  static Reactor collect(Path root, String run) throws IOException {
    Reactor reactor = new Reactor(run);
    for (String module : modules(root.resolve("pom.xml"))) {
      Path folder = root.resolve(module);
      reactor.collect(module, folder, "Test.java", "test-results.jsonl");
      if (!module.equals(OWN_MODULE)) {
        reactor.collect(module, folder, "IT.java", "it-results.jsonl");
      }
    }
    return reactor;
  }

  /** What every test of this run came to, in order. */
  List<TestResult> tests() {
    return tests.stream().sorted().toList();
  }

  /** What is missing, stale or unreadable. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** What {@code -Dtest} asked for, where not all tests were asked for. */
  List<String> selections() {
    return selections.stream().distinct().sorted().toList();
  }

  private void collect(String module, Path folder, String suffix, String name) throws IOException {
    if (!hasTests(folder.resolve("src/test/java"), suffix)) {
      return;
    }
    String shown = module + "/target/" + name;
    Path file = folder.resolve("target").resolve(name);
    if (!Files.exists(file)) {
      problems.add("no results: " + shown + " is missing; run the whole build, ./mvnw verify");
      return;
    }
    try {
      ResultFile results = ResultFile.read(file);
      if (!results.run().equals(run)) {
        problems.add("no results: " + shown + " is of another run; run the whole build");
        return;
      }
      if (!results.selection().isEmpty()) {
        selections.add(results.selection());
      }
      tests.addAll(results.tests());
    } catch (IllegalArgumentException e) {
      problems.add("unreadable results: " + shown + ": " + e.getMessage());
    }
  }

  private static boolean hasTests(Path sources, String suffix) throws IOException {
    if (!Files.isDirectory(sources)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(sources)) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).endsWith(suffix));
    }
  }

  private static List<String> modules(Path pom) throws IOException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    try {
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      NodeList named =
          factory.newDocumentBuilder().parse(pom.toFile()).getElementsByTagName("module");
      List<String> modules = new ArrayList<>();
      for (int i = 0; i < named.getLength(); i++) {
        modules.add(named.item(i).getTextContent().strip());
      }
      return modules;
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("cannot read " + pom.getFileName(), e);
    }
  }
}
