// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.WardgateException;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * A whole ward in one process: a gateway, eight simulated sensors of all four kinds, and four
 * intruders; ends by itself.
 *
 * <p>The last line is {@code ward: devices=8 readings=N lost=0 refused=4/4}. Exit code 0; 1 if a
 * device stayed silent, a reading was lost, one appeared that nobody measured or twice without a
 * cut link, or an intruder was not refused for the right reason; each such fault has a line before
 * the last; 2 for a command line it does not understand or a gateway it cannot start.
 */
public final class Ward {

  private Ward() {}

  /** Runs the ward; {@code --help} says with what. */
  public static void main(String[] args) {
    System.exit(
        run(
            List.of(args),
            System.out,
            System.err,
            isTerminal(),
            InstantSource.system(),
            new SecureRandom()));
  }

  static int run(
      List<String> arguments,
      PrintStream out,
      PrintStream err,
      boolean terminal,
      InstantSource clock,
      SecureRandom random) {
    if (arguments.equals(List.of("--help"))) {
      out.print(WardOptions.USAGE);
      return 0;
    }
    try {
      WardOptions options = WardOptions.parse(arguments);
      Screen.Mode shown = terminal ? Screen.Mode.LIVE : Screen.Mode.PLAIN;
      Screen screen = new Screen(out, options.quiet() ? Screen.Mode.QUIET : shown);
      return conclude(new Shift(options, screen, clock, random).run(), out);
    } catch (UsageException e) {
      err.println("ward: " + e.getMessage());
      err.print(WardOptions.USAGE);
      return 2;
    } catch (WardgateException | IOException e) {
      err.println("ward: " + e.getMessage());
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("ward: interrupted");
      return 2;
    }
  }

  private static int conclude(Verdict verdict, PrintStream out) {
    verdict.faults().forEach(fault -> out.println("ward: " + fault));
    out.println("ward: stored twice after a lost acknowledgement: " + verdict.again());
    out.println(verdict.lastLine());
    out.flush();
    return verdict.exitCode();
  }

  // The command in the pom asks for the console that is absent without a terminal on every Java.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    String term = System.getenv("TERM");
    return System.console() != null && term != null && !term.equals("dumb");
  }
}
