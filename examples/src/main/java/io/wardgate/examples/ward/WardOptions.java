// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the command line asks for.
 *
 * @param span how long sensors measure, 4 seconds to 1 hour
 * @param seed what the simulated patients are drawn from
 * @param port the gateway's on loopback; 0 lets the system choose
 * @param quiet whether only the last lines are printed
 */
record WardOptions(Duration span, long seed, int port, boolean quiet) {

  static final String USAGE =
      """
      usage: ward [--for TIME] [--seed N] [--port N] [--quiet]
        --for TIME   how long sensors measure: 30, 30s or PT30S; 4 s to 1 h, 30 s if not given
        --seed N     what the simulated patients are drawn from; 1 if not given
        --port N     the gateway's port on loopback; a free one if not given
        --quiet      print only the last lines
      """;

  private static final WardOptions DEFAULT = new WardOptions(Duration.ofSeconds(30), 1, 0, false);

  /** By half of it every device of the ward has measured, and there is time for the cut link. */
  static final Duration SHORTEST = Duration.ofSeconds(4);

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,6})s?");

  static WardOptions parse(List<String> arguments) throws UsageException {
    WardOptions options = DEFAULT;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      options =
          switch (option) {
            case "--quiet" -> new WardOptions(options.span, options.seed, options.port, true);
            case "--for" ->
                new WardOptions(
                    span(valueOf(option, rest)), options.seed, options.port, options.quiet);
            case "--seed" ->
                new WardOptions(
                    options.span, seed(valueOf(option, rest)), options.port, options.quiet);
            case "--port" ->
                new WardOptions(
                    options.span, options.seed, port(valueOf(option, rest)), options.quiet);
            default -> throw new UsageException("unknown option " + option);
          };
    }
    return options;
  }

  private static String valueOf(String option, Iterator<String> rest) throws UsageException {
    if (!rest.hasNext()) {
      throw new UsageException(option + " needs a value");
    }
    return rest.next();
  }

  private static Duration span(String text) throws UsageException {
    try {
      var seconds = SECONDS.matcher(text);
      Duration span =
          seconds.matches()
              ? Duration.ofSeconds(Long.parseLong(seconds.group(1)))
              : Duration.parse(text);
      if (span.compareTo(SHORTEST) >= 0 && span.compareTo(LONGEST) <= 0) {
        return span;
      }
    } catch (DateTimeException e) {
      throw new UsageException("--for is a time such as 30s or PT30S, not " + text);
    }
    throw new UsageException("--for is 4 s to 1 h, not " + text);
  }

  private static long seed(String text) throws UsageException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new UsageException("--seed is a whole number, not " + text);
    }
  }

  private static int port(String text) throws UsageException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, for both cases.
    }
    throw new UsageException("--port is 0 to 65535, not " + text);
  }
}
