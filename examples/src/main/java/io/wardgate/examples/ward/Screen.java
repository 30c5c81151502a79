// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Where the table is shown: redrawn in place on a terminal, else as a block now and then. */
final class Screen {

  /** How the table is shown. */
  enum Mode {
    /** Redrawn in place. */
    LIVE,
    /** A block every five seconds. */
    PLAIN,
    /** Not at all. */
    QUIET
  }

  private static final Duration BETWEEN_FRAMES = Duration.ofMillis(250);
  private static final Duration BETWEEN_BLOCKS = Duration.ofSeconds(5);
  private static final String CSI = "\u001b[";

  private final PrintStream out;
  private final Mode mode;
  private Duration next;
  private int drawn;

  Screen(PrintStream out, Mode mode) {
    this.out = out;
    this.mode = mode;
    this.next = mode == Mode.LIVE ? Duration.ZERO : BETWEEN_BLOCKS;
  }

  /** A line that stays; before or after the table. */
  void say(String line) {
    if (mode != Mode.QUIET) {
      out.println(line);
      out.flush();
    }
  }

  /** Whether it is time for another table. */
  boolean isDue(Duration elapsed) {
    return mode != Mode.QUIET && elapsed.compareTo(next) >= 0;
  }

  void show(List<String> lines, Duration elapsed) {
    if (mode == Mode.QUIET) {
      return;
    }
    next = elapsed.plus(mode == Mode.LIVE ? BETWEEN_FRAMES : BETWEEN_BLOCKS);
    StringBuilder frame = new StringBuilder();
    boolean live = mode == Mode.LIVE;
    if (live && drawn > 0) {
      frame.append(CSI).append(drawn).append("A\r");
    }
    for (String line : lines) {
      frame.append(line).append(live ? CSI + "K\n" : "\n");
    }
    frame.append(live ? CSI + "J" : "\n");
    drawn = lines.size();
    // In one piece, so that no half table is seen.
    out.print(frame);
    out.flush();
  }
}
