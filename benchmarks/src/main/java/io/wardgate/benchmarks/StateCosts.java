// SPDX-License-Identifier: Apache-2.0
package io.wardgate.benchmarks;

import io.wardgate.WardgateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Prints what the state costs: how fast a journal takes records, and how long and in how much
 * memory a ledger of 100 000 devices is loaded.
 */
public final class StateCosts {

  private static final int DEVICES = 100_000;

  private StateCosts() {}

  /**
   * Measures everything in a temporary directory, or with {@code load DIRECTORY} loads the ledger
   * there, in a process that has done nothing else.
   */
  public static void main(String[] arguments)
      throws IOException, WardgateException, InterruptedException {
    if (arguments.length == 2 && arguments[0].equals("load")) {
      LedgerLoad.load(Path.of(arguments[1]));
      return;
    }
    Path folder = Files.createTempDirectory("wardgate-state-costs");
    Path memory = Path.of("/dev/shm");
    // To make the ledger takes 200 000 fsyncs, and they are not what is measured.
    Path ledger = Files.isWritable(memory) ? Files.createTempDirectory(memory, "wardgate") : folder;
    try {
      JournalAppend.measure(folder);
      LedgerLoad.prepare(ledger, DEVICES);
      for (int run = 0; run < 3; run++) {
        loadApart(ledger);
      }
    } finally {
      remove(folder);
      remove(ledger);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void loadApart(Path folder) throws IOException, InterruptedException {
    new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StateCosts.class.getName(),
                "load",
                folder.toString()))
        .inheritIO()
        .start()
        .waitFor();
  }
}
