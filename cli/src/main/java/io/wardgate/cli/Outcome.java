// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.cli.home.InvalidConfigException;
import io.wardgate.state.Loss;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How a command ends: exit codes and the words that go with them. */
final class Outcome {

  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int FAILED = 2;

  /** What Java says of it names neither cause nor cure. */
  private static final String NO_PATH =
      "is no path in this locale's characters; set LC_ALL to a UTF-8 locale";

  private Outcome() {}

  /** Says that and why something was refused; I/O errors with a reason are I/O errors. */
  static int refused(PrintWriter out, WardgateException e) {
    out.println("REFUSED " + e.reason().code());
    if (e instanceof InvalidConfigException invalid) {
      invalid.problems().forEach(out::println);
    } else {
      out.println(detail(e));
    }
    return REFUSED;
  }

  /** Says that and why a part of the state is refused, and what of it is lost. */
  static int refused(PrintWriter out, Reason reason, List<Loss> losses) {
    out.println("REFUSED " + reason.code());
    losses.forEach(out::println);
    return REFUSED;
  }

  static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
    // Picocli would list every argument it did not understand; the first will do.
    String message =
        e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()
            ? "unknown argument " + unmatched.getUnmatched().get(0)
            : String.valueOf(e.getMessage());
    return failed(command.getErr(), message + help);
  }

  /**
   * The path that was typed.
   *
   * @throws TypeConversionException if the locale's characters cannot spell it
   */
  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + text + "' " + NO_PATH);
    }
  }

  static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof WardgateException refusal) {
      return switch (refusal.reason()) {
        case STATE_UNAVAILABLE, TRANSPORT_UNAVAILABLE, UPLINK_UNAVAILABLE ->
            failed(command.getErr(), detail(refusal) + because(refusal));
        default -> refused(command.getOut(), refusal);
      };
    }
    if (e instanceof IOException io) {
      return failed(command.getErr(), explain(io));
    }
    if (e instanceof InvalidPathException path) {
      return failed(command.getErr(), "'" + path.getInput() + "' " + NO_PATH);
    }
    StackTraceElement[] trace = e.getStackTrace();
    return failed(
        command.getErr(),
        "a fault of Wardgate's own, please report it: "
            + e.getClass().getSimpleName()
            + (trace.length > 0 ? " at " + trace[0] : ""));
  }

  /** What the operating system said, if it was that. */
  private static String because(WardgateException e) {
    return e.getCause() instanceof IOException io ? ": " + explain(io) : "";
  }

  private static int failed(PrintWriter err, String message) {
    err.println("wardgate: " + oneLine(message));
    return FAILED;
  }

  private static String explain(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return "no such file or directory: " + missing.getFile();
    }
    if (e instanceof AccessDeniedException denied) {
      return "permission denied: " + denied.getFile();
    }
    if (e instanceof FileAlreadyExistsException there) {
      return "will not overwrite " + there.getFile();
    }
    if (e instanceof FileSystemException other) {
      String why = other.getReason();
      return (why == null ? "cannot be used" : why) + ": " + other.getFile();
    }
    return String.valueOf(e.getMessage());
  }

  /** Without the reason's code, which {@link WardgateException} puts in front. */
  private static String detail(WardgateException e) {
    String message = String.valueOf(e.getMessage());
    String prefix = e.reason().code() + ": ";
    return oneLine(message.startsWith(prefix) ? message.substring(prefix.length()) : message);
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*[\\r\\n\\p{Cntrl}]+\\s*", " ");
  }
}
