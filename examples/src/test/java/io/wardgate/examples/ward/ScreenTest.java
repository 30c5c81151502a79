// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the table gets onto a terminal, or into a pipe. */
class ScreenTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);

  @Test
  void redrawsInPlaceOnATerminal() {
    Screen screen = new Screen(out, Screen.Mode.LIVE);
    screen.show(List.of("one", "two"), Duration.ZERO);
    screen.show(List.of("three"), Duration.ofSeconds(1));

    assertThat(printed())
        .isEqualTo("one\u001b[K\ntwo\u001b[K\n\u001b[J" + "\u001b[2A\rthree\u001b[K\n\u001b[J");
  }

  @Test
  void writesNoControlCharactersIntoAPipe() {
    Screen screen = new Screen(out, Screen.Mode.PLAIN);
    screen.show(List.of("one", "two"), Duration.ZERO);

    assertThat(printed()).isEqualTo("one\ntwo\n\n");
    assertThat(screen.isDue(Duration.ofMillis(4999))).isFalse();
    assertThat(screen.isDue(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void printsNothingWhenQuiet() {
    Screen screen = new Screen(out, Screen.Mode.QUIET);
    screen.say("hello");
    screen.show(List.of("one"), Duration.ZERO);

    assertThat(screen.isDue(Duration.ofHours(1))).isFalse();
    assertThat(printed()).isEmpty();
  }

  private String printed() {
    return bytes.toString(UTF_8);
  }
}
