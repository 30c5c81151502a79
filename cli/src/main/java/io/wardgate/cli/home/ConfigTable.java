// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a TOML file that is read strictly: each key is asked for by type, and what nobody
 * asked for is a problem. Used by one thread.
 */
final class ConfigTable {

  private static final Set<String> SECRET_WORDS =
      Set.of("secret", "password", "passphrase", "key", "token", "psk", "pin", "credential");
  private static final int MAX_SHOWN_KEY = 40;

  private final TomlTable table;
  private final TomlPosition position;
  private final List<ConfigProblem> problems;
  private final Set<String> asked = new HashSet<>();

  ConfigTable(TomlTable table, TomlPosition position, List<ConfigProblem> problems) {
    this.table = table;
    this.position = position;
    this.problems = problems;
  }

  /** Whether the key is there, of whatever type. */
  boolean has(String key) {
    return table.contains(List.of(key));
  }

  Optional<String> string(String key) {
    return value(key, String.class, "text");
  }

  Optional<Boolean> flag(String key) {
    return value(key, Boolean.class, "true or false");
  }

  int number(String key, int otherwise, int least, int most) {
    Optional<Long> value = value(key, Long.class, "a whole number");
    if (value.isPresent() && (value.get() < least || value.get() > most)) {
      problem(key, key + " is " + least + " to " + most);
      return otherwise;
    }
    return value.map(Long::intValue).orElse(otherwise);
  }

  List<String> strings(String key) {
    List<String> strings = new ArrayList<>();
    TomlArray array = value(key, TomlArray.class, "a list of texts").orElse(null);
    for (int i = 0; array != null && i < array.size(); i++) {
      if (array.get(i) instanceof String text) {
        strings.add(text);
      } else {
        problem(key, shown(key) + " is a list of texts");
      }
    }
    return strings;
  }

  Optional<ConfigTable> table(String key) {
    return value(key, TomlTable.class, "a table")
        .map(inner -> new ConfigTable(inner, positionOf(key), problems));
  }

  List<ConfigTable> tables(String key) {
    List<ConfigTable> tables = new ArrayList<>();
    TomlArray array = value(key, TomlArray.class, "a list of tables").orElse(null);
    for (int i = 0; array != null && i < array.size(); i++) {
      if (array.get(i) instanceof TomlTable inner) {
        tables.add(new ConfigTable(inner, array.inputPositionOf(i), problems));
      } else {
        problem(key, key + " is a list of tables");
      }
    }
    return tables;
  }

  /** An empty table in place of one that is not there: its defaults hold. */
  ConfigTable absent() {
    return new ConfigTable(Toml.parse(""), position, problems);
  }

  /** Every key, which all count as asked for. */
  Set<String> keys() {
    asked.addAll(table.keySet());
    return table.keySet();
  }

  /** Reports the keys nobody asked for. */
  void refuseTheRest() {
    for (String key : table.keySet()) {
      if (!asked.contains(key)) {
        problem(
            key,
            "unknown key "
                + shown(key)
                + (looksLikeSecret(key) ? "; no secret belongs in this file" : ""));
      }
    }
  }

  void problem(String key, String message) {
    problem(positionOf(key), message);
  }

  void problem(String message) {
    problem(position, message);
  }

  private void problem(TomlPosition where, String message) {
    problems.add(new ConfigProblem(where.line(), where.column(), message));
  }

  private <T> Optional<T> value(String key, Class<T> type, String called) {
    asked.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      problem(key, shown(key) + " is " + called);
      return Optional.empty();
    }
    return Optional.of(type.cast(value));
  }

  private TomlPosition positionOf(String key) {
    @Nullable TomlPosition found = table.inputPositionOf(List.of(key));
    return found == null ? position : found;
  }

  private static boolean looksLikeSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return SECRET_WORDS.stream().anyMatch(lower::contains);
  }

  private static String shown(String key) {
    String plain = key.replaceAll("[^A-Za-z0-9_.-]", "?");
    return plain.length() > MAX_SHOWN_KEY ? plain.substring(0, MAX_SHOWN_KEY) + "..." : plain;
  }
}
