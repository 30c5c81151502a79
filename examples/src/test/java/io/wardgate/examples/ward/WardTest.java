// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Provision;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ward as a whole, over real sockets, with a cut link and four intruders. */
class WardTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  @Provision("5.5-4")
  @Provision("5.9-1")
  void losesNothingOverACutLinkAndRefusesAllIntruders() {
    int exitCode = ward("--for", "6s", "--quiet", "--port", "0");

    List<String> lines = out.toString(UTF_8).lines().toList();
    assertThat(lines.get(lines.size() - 1))
        .matches("ward: devices=8 readings=[1-9][0-9]+ lost=0 refused=4/4");
    assertThat(exitCode).isZero();
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--for",
        "--for 3s",
        "--for 2h",
        "--for soon",
        "--seed x",
        "--port 65536",
        "--port -1",
        "--port",
        "--quiet=yes",
        "ward"
      })
  void refusesACommandLineItDoesNotUnderstand(String arguments) {
    assertThat(ward(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("ward: ").contains("usage:");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  private int ward(String... arguments) {
    return Ward.run(
        List.of(arguments),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        false,
        InstantSource.system(),
        new SecureRandom());
  }
}
