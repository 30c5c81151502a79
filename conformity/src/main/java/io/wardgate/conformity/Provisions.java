// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** The provisions of ETSI EN 303 645 V3.1.3, in the standard's order. Immutable. */
public final class Provisions {

  private static final List<String> HEADING =
      List.of("id_v3", "id_v2", "words", "status_v3", "status_v2", "library_class");
  private static final Pattern ID = Pattern.compile("(5\\.[0-9]{1,2}|6)-[0-9]{1,2}[A-Z]?");

  private final Map<String, Provision> byId;

  private Provisions(Map<String, Provision> byId) {
    this.byId = Collections.unmodifiableMap(byId);
  }

  /** The 78 provisions this library ships. */
  public static Provisions shipped() {
    try (InputStream table = Provisions.class.getResourceAsStream("provisions.csv")) {
      return parse(
          new String(Objects.requireNonNull(table).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a table with the columns {@code id_v3,id_v2,words,status_v3,status_v2,library_class}.
   *
   * @throws IllegalArgumentException if it is not such a table, or names a provision twice
   */
  static Provisions parse(String csv) {
    List<List<String>> rows = Csv.rows(csv);
    if (rows.isEmpty() || !rows.get(0).equals(HEADING)) {
      throw new IllegalArgumentException("the first line must be " + String.join(",", HEADING));
    }
    Map<String, Provision> byId = new LinkedHashMap<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      Provision provision = provision(row);
      if (byId.put(provision.id(), provision) != null) {
        throw new IllegalArgumentException(provision.id() + " stands there twice");
      }
    }
    return new Provisions(byId);
  }

  /** Every provision, in the standard's order. */
  public Collection<Provision> all() {
    return byId.values();
  }

  /** The provision with this V3.1.3 number. */
  public Optional<Provision> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  private static Provision provision(List<String> row) {
    if (row.size() != HEADING.size() || !ID.matcher(row.get(0)).matches()) {
      throw new IllegalArgumentException("not a provision: " + row);
    }
    String status = row.get(3);
    if (row.get(2).isBlank() || !(status.startsWith("M") || status.startsWith("R"))) {
      throw new IllegalArgumentException(row.get(0) + " lacks its words or its status");
    }
    return new Provision(
        row.get(0), row.get(1), row.get(2), status, row.get(4), LibraryClass.valueOf(row.get(5)));
  }
}
