// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.wardgate.fixtures.NeedsShared;
import io.wardgate.fixtures.Shared;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProvisionsTest {

  private static final String HEADING = "id_v3,id_v2,words,status_v3,status_v2,library_class\n";

  private final Provisions provisions = Provisions.shipped();

  @Test
  void shipsAll78() {
    assertThat(provisions.all()).hasSize(78);
    assertThat(provisions.find("5.1-2A"))
        .hasValueSatisfying(
            provision -> {
              assertThat(provision.idV2()).isEmpty();
              assertThat(provision.libraryClass()).isEqualTo(LibraryClass.DIRECT);
            });
    assertThat(provisions.find("5.1-99")).isEmpty();
  }

  @Test
  @NeedsShared("standards/en303645.csv")
  void agreesWithTheTableOfTheStandard() throws Exception {
    List<List<String>> rows = Csv.rows(Files.readString(Shared.path("standards/en303645.csv")));
    assertThat(rows.subList(1, rows.size()))
        .extracting(
            row -> row.get(0),
            row -> row.get(1).equals("(none)") ? "" : row.get(1).split(" ", -1)[0],
            row -> row.get(3),
            row -> row.get(4).equals("-") ? "" : row.get(4),
            row -> row.get(6))
        .containsExactlyElementsOf(
            provisions.all().stream()
                .map(
                    provision ->
                        tuple(
                            provision.id(),
                            provision.idV2(),
                            provision.status(),
                            provision.statusV2(),
                            provision.libraryClass().name()))
                .toList());
  }

  @Test
  void refusesATableThatIsNotOne() {
    refuses("", "the first line must be");
    refuses("id\n", "the first line must be");
    refuses(HEADING + "5.1-1,5.1-1,words,M\n", "not a provision");
    refuses(HEADING + "five,5.1-1,words,M,M,DIRECT\n", "not a provision");
    refuses(HEADING + "5.1-1,5.1-1,,M,M,DIRECT\n", "lacks its words");
    refuses(HEADING + "5.1-1,5.1-1,words,maybe,M,DIRECT\n", "lacks its words or its status");
    refuses(HEADING + "5.1-1,5.1-1,words,M,M,SOMEONE\n", "SOMEONE");
    refuses(HEADING + "5.1-1,5.1-1,words,M,M,DIRECT\n".repeat(2), "5.1-1 stands there twice");
  }

  private static void refuses(String csv, String why) {
    assertThatThrownBy(() -> Provisions.parse(csv))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
