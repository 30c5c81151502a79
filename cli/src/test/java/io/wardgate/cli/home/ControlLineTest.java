// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlLineTest {

  @Test
  void whatIsWrittenIsReadAndNotAByteMore() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ControlLine.of("certify", "pump-1", "infusion-pump").write(Channels.newChannel(bytes));
    ControlLine.of("confirm").write(Channels.newChannel(bytes));
    var in = Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(ControlLine.read(in).words()).containsExactly("certify", "pump-1", "infusion-pump");
    assertThat(ControlLine.read(in).words()).containsExactly("confirm");
  }

  @Test
  void everyTruncationIsRefused() {
    String line = "share tag-1 asset-tag wg-abc key\n";
    for (int length = 0; length < line.length(); length++) {
      String cut = line.substring(0, length);
      assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", " \n", "a  b\n", " a\n", "a \n", "a\tb\n", "a\r\n", "\u00e4\n"})
  void refusesWhatIsNotWordsPartedBySingleSpaces(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
  }

  @Test
  void refusesALineAboveTheLimit() throws Exception {
    assertThat(read("a".repeat(ControlLine.MAX_BYTES) + "\n").verb()).hasSize(8192);
    assertThatThrownBy(() -> read("a".repeat(ControlLine.MAX_BYTES + 1) + "\n"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void showsItsVerbOnly() {
    assertThat(ControlLine.of("share", "key").toString()).isEqualTo("ControlLine[share]");
  }

  private static ControlLine read(String text) throws IOException {
    return ControlLine.read(
        Channels.newChannel(new ByteArrayInputStream(text.getBytes(ISO_8859_1))));
  }
}
