// SPDX-License-Identifier: Apache-2.0
package io.wardgate.conformity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

  private static final String LINE =
      "{\"class\":\"a.B\",\"provisions\":[\"5.1-1\",\"5.1-3\"],\"empty\":[],\"reason\":\"\\u0022\\\\\"}";

  @Test
  void readsStringsAndListsOfThem() {
    assertThat(Json.object(LINE))
        .isEqualTo(
            Map.of(
                "class", List.of("a.B"),
                "provisions", List.of("5.1-1", "5.1-3"),
                "empty", List.of(),
                "reason", List.of("\"\\")));
  }

  @Test
  void readsBackWhateverItQuotes() {
    StringBuilder text = new StringBuilder();
    for (char c = 0; c < 0x200; c++) {
      text.append(c);
    }
    assertThat(Json.object("{\"a\":" + Json.quoted(text.toString()) + "}"))
        .isEqualTo(Map.of("a", List.of(text.toString())));
  }

  @Test
  void refusesEveryTruncation() {
    for (int end = 0; end < LINE.length(); end++) {
      refuses(LINE.substring(0, end));
    }
  }

  @Test
  void refusesEverythingElse() {
    refuses("{}");
    refuses("{\"a\":1}");
    refuses("{\"a\":{}}");
    refuses("{\"a\":\"\\n\"}");
    refuses("{\"a\":\"\\u00g0\"}");
    refuses("{\"a\":\"\t\"}");
    refuses("{\"a\":\"b\",\"a\":\"c\"}");
    refuses("{\"a\":\"b\"} ");
    refuses("{\"a\":\"" + "b".repeat(Json.MAX_LINE_CHARS) + "\"}");
  }

  private static void refuses(String line) {
    assertThatThrownBy(() -> Json.object(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
