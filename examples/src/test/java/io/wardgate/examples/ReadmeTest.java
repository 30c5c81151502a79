// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** README shows what is compiled and run here, and nothing else. */
class ReadmeTest {

  private static final Path ROOT = Path.of(System.getProperty("wardgate.root"));
  private static final String BEGIN = "// tag::readme[]";
  private static final String END = "// end::readme[]";

  @Test
  void showsTheExamplesLetterForLetter() throws IOException {
    List<String> shown = javaBlocks(Files.readString(ROOT.resolve("README.md")));
    List<String> compiled = List.of(region("GatewayInThirtyLines"), region("SensorInTenLines"));

    assertThat(shown)
        .describedAs(
            "the ```java blocks of README.md; paste the regions between %s and %s of"
                + " examples/src/main/java/io/wardgate/examples, two spaces less indented,"
                + " gateway first",
            BEGIN, END)
        .isEqualTo(compiled);
  }

  @ParameterizedTest
  @CsvSource({"GatewayInThirtyLines, 30", "SensorInTenLines, 10"})
  void anExampleIsAsShortAsItsNameSays(String example, int lines) throws IOException {
    assertThat(region(example).lines().count()).isBetween(1L, (long) lines);
  }

  private static List<String> javaBlocks(String markdown) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    for (String line : markdown.lines().toList()) {
      if (block == null && line.equals("```java")) {
        block = new StringBuilder();
      } else if (block != null && line.equals("```")) {
        blocks.add(block.toString());
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks;
  }

  private static String region(String example) throws IOException {
    String source =
        Files.readString(
            ROOT.resolve("examples/src/main/java/io/wardgate/examples/" + example + ".java"));
    int begin = source.indexOf(BEGIN);
    int end = source.indexOf(END);
    assertThat(begin).isPositive();
    assertThat(end).isGreaterThan(begin);
    String marked =
        source.substring(source.indexOf('\n', begin) + 1, source.lastIndexOf('\n', end));
    return marked.stripIndent().stripTrailing() + "\n";
  }
}
