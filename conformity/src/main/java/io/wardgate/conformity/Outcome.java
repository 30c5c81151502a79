// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

/** What a test, or a provision through its tests, came to in this build. */
enum Outcome {
  /** It ran and held. */
  SHOWN("shown"),
  /** It ran and did not hold. */
  FAILED("failed"),
  /** A peer, a file or a condition it needs is missing on this machine. */
  NOT_RUN("not run here"),
  /** No test is tagged with the provision; never the outcome of a test. */
  NO_TEST("no test");

  private final String words;

  Outcome(String words) {
    this.words = words;
  }

  /** As the table prints it. */
  String words() {
    return words;
  }

  /** What the listener in {@code fixtures} wrote. */
  static Outcome parse(String code) {
    return switch (code) {
      case "shown" -> SHOWN;
      case "failed" -> FAILED;
      case "not-run" -> NOT_RUN;
      default -> throw new IllegalArgumentException("not an outcome: " + code);
    };
  }
}
