// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Which build this is.
 *
 * @param date when it started, as Maven says
 * @param commit the Git commit it was made from; {@code unknown} outside a Git working tree
 * @param clean whether the working tree held nothing else
 * @param java the JDK it ran on
 * @param os the operating system and processor
 */
record Build(String date, String commit, boolean clean, String java, String os) {

  /** The build going on in {@code root}. */
  static Build in(Path root, String date) throws IOException {
    String commit = git(root, "rev-parse", "HEAD");
    return new Build(
        date,
        commit.isEmpty() ? "unknown" : commit,
        !commit.isEmpty() && git(root, "status", "--porcelain").isEmpty(),
        System.getProperty("java.runtime.version", ""),
        System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
  }

  /** One line for people. */
  String describe() {
    return "%s, commit %s%s, JDK %s, %s"
        .formatted(date, commit, clean ? "" : " with local changes", java, os);
  }

  /** What Git prints; nothing if there is no Git or no repository. */
  private static String git(Path root, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("git");
    builder.command().addAll(List.of(arguments));
    builder.directory(root.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
    Process git;
    try {
      git = builder.start();
    } catch (IOException e) {
      return "";
    }
    String printed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return git.waitFor() == 0 ? printed.strip() : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for git", e);
    }
  }
}
