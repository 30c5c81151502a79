// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

  @Test
  void readsPlainAndQuotedFields() {
    assertThat(Csv.rows("a,,\"b,\"\"c\"\"\nd\"\n1,2,\n"))
        .containsExactly(List.of("a", "", "b,\"c\"\nd"), List.of("1", "2", ""));
    assertThat(Csv.rows("")).isEmpty();
  }

  @Test
  void refusesWhatItWouldHaveToGuess() {
    refuses("a\"b\n", "line 1: a quote inside an unquoted field");
    refuses("a\n\"b\"c\n", "line 2: text after a closing quote");
    refuses("\"a\n", "line 1: a quote is not closed");
    refuses("a", "line 1: the line has no end");
    refuses("\"a\"", "line 1: the line has no end");
  }

  @Test
  void refusesWhatIsAboveTheLimits() {
    refuses("a\n".repeat(Csv.MAX_ROWS + 1), "rows");
    refuses(",".repeat(Csv.MAX_FIELDS) + "\n", "fields");
    refuses("a".repeat(Csv.MAX_FIELD_CHARS + 1) + "\n", "characters");
    refuses("\"" + "a".repeat(Csv.MAX_FIELD_CHARS + 1) + "\"\n", "characters");
  }

  @Test
  void refusesEveryTruncationInsideARow() {
    String row = "a,\"b\"\"c\",d\n";
    for (int end = 1; end < row.length(); end++) {
      refuses(row.substring(0, end), "line 1: ");
    }
  }

  private static void refuses(String text, String why) {
    assertThatThrownBy(() -> Csv.rows(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
