// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WardgateTest {

  @Test
  void aPathThatIsNoneIsToldInWordsOfOurOwn() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int code =
        Wardgate.run(
            new PrintWriter(out), new PrintWriter(err), "config", "check", "--home", "a\0b");

    assertThat(code).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("wardgate: ")
        .contains("is no path in this locale's characters")
        .doesNotContain("cannot convert");
  }
}
