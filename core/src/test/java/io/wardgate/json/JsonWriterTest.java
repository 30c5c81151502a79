// SPDX-License-Identifier: Apache-2.0
package io.wardgate.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Provision;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

  @Test
  @Provision("5.13-1B")
  void escapesWhatATerminalActsOnOrTurnsAround() throws Exception {
    String text = "\u007f\u0080\u0085\u009b\u009f\u061c\u200e\u200f\u202a\u202e\u2066\u2069";
    String line = new JsonWriter().text(text).toString();
    assertThat(line).matches("[ -~]*").startsWith("\"\\u007f\\u0080").endsWith("\\u2069\"");
    assertThat(new JsonReader(line.getBytes(UTF_8), 1).readText(text.length())).isEqualTo(text);

    String plain = "\u00a0\u200d\u2010\u202f\u2065\u206aé水😀";
    assertThat(new JsonWriter().text(plain)).hasToString("\"" + plain + "\"");
  }
}
