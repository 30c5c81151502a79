// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import java.io.PrintWriter;

/** How far a long work is: a bar that moves on a terminal, a line now and then elsewhere. */
final class Progress {

  private static final int WIDTH = 40;
  private static final int LINES = 10;

  private final PrintWriter out;
  private final boolean onTerminal;
  private final int all;
  private int done;
  private int shown;

  Progress(PrintWriter out, boolean onTerminal, int all) {
    this.out = out;
    this.onTerminal = onTerminal;
    this.all = all;
  }

  /** One more is done. */
  void step() {
    done++;
    int part = (int) ((long) done * (onTerminal ? WIDTH : LINES) / Math.max(1, all));
    if (part == shown) {
      return;
    }
    shown = part;
    if (onTerminal) {
      out.print("\r[" + "#".repeat(part) + " ".repeat(WIDTH - part) + "] " + done + " of " + all);
      out.flush();
    } else {
      out.println(done + " of " + all);
    }
  }

  /** Leaves the line a bar stood on. */
  void end() {
    if (onTerminal && shown > 0) {
      out.println();
    }
  }
}
