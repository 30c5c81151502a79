// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lays out the ward as lines of at most 100 columns and a screen of 24 lines. */
final class Board {

  /** No line is longer. */
  static final int COLUMNS = 100;

  private static final int VALUES = 44;
  private static final int VALUE_LINES = 2;
  private static final int EVENTS = 5;
  private static final String ROW = "%-12s %-17s %-5s  %-44s %6s %4s %5s";
  private static final String EVENT = "%-8s  %-15s  %-21s  %s";

  /**
   * One device.
   *
   * @param device who
   * @param role what it is registered as
   * @param credential what it proves itself with
   * @param values its last values
   * @param extras more about it, shown where there is room left
   * @param age of the newest of them
   * @param sessions how many it has opened
   * @param acknowledged how many of its readings were acknowledged
   */
  record Row(
      DeviceId device,
      String role,
      String credential,
      List<String> values,
      List<String> extras,
      Optional<Duration> age,
      long sessions,
      int acknowledged) {

    /** Copies the lists. */
    Row {
      values = List.copyOf(values);
      extras = List.copyOf(extras);
    }
  }

  private final DateTimeFormatter clockTime;

  Board(ZoneId zone) {
    this.clockTime = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  List<String> lines(
      String title, List<Row> rows, List<SecurityEvent> events, List<Attempt> attempts) {
    List<String> lines = new ArrayList<>();
    lines.add(title);
    lines.add(ROW.formatted("DEVICE", "ROLE", "KEY", "LAST VALUES", "AGE", "SESS", "ACKED"));
    rows.forEach(row -> add(row, lines));
    lines.add(EVENT.formatted("TIME", "SECURITY EVENT", "WHO", "WHY"));
    events.stream()
        .skip(Math.max(0, events.size() - EVENTS))
        .forEach(event -> lines.add(line(event)));
    attempts.forEach(
        attempt ->
            lines.add("%-8s  %-38s  %s".formatted("intruder", attempt.name(), attempt.outcome())));
    return lines.stream().map(line -> cut(line, COLUMNS).stripTrailing()).toList();
  }

  private static void add(Row row, List<String> lines) {
    List<String> values = wrapped(row.values(), row.extras());
    lines.add(
        ROW.formatted(
            row.device(),
            row.role(),
            row.credential(),
            values.get(0),
            row.age().map(Board::seconds).orElse("-"),
            row.sessions(),
            row.acknowledged()));
    values.stream().skip(1).forEach(more -> lines.add(ROW.formatted("", "", "", more, "", "", "")));
  }

  private String line(SecurityEvent event) {
    String who = event.device().map(DeviceId::toString).orElse(event.source());
    String why = event.reason().map(Board::explained).orElse("");
    return EVENT.formatted(clockTime.format(event.at()), event.kind(), who, why);
  }

  private static String explained(Reason reason) {
    return reason.code() + ": " + reason.meaning();
  }

  static String seconds(Duration age) {
    return "%.1f s".formatted(Math.max(0, age.toMillis()) / 1000.0);
  }

  /** As many phrases as fit the lines a device has; there is always one line. */
  private static List<String> wrapped(List<String> phrases, List<String> extras) {
    List<String> lines = new ArrayList<>(List.of(""));
    for (String phrase : phrases) {
      String longer = joined(lines.get(lines.size() - 1), phrase);
      if (longer.length() <= VALUES) {
        lines.set(lines.size() - 1, longer);
      } else if (lines.size() < VALUE_LINES) {
        lines.add(cut(phrase, VALUES));
      }
    }
    for (String extra : extras) {
      String longer = joined(lines.get(lines.size() - 1), extra);
      if (longer.length() <= VALUES) {
        lines.set(lines.size() - 1, longer);
      }
    }
    return lines;
  }

  private static String joined(String line, String phrase) {
    return line.isEmpty() ? phrase : line + ", " + phrase;
  }

  private static String cut(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, columns - 2) + "..";
  }
}
