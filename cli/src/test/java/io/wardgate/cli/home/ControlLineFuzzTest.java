// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;

class ControlLineFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void readsALineOrRefusesIt(byte[] bytes) {
    try {
      ControlLine line = ControlLine.read(Channels.newChannel(new ByteArrayInputStream(bytes)));
      if (line.words().isEmpty() || line.words().contains("")) {
        throw new AssertionError("empty words");
      }
    } catch (IOException expected) {
      return;
    }
  }
}
