// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;

class GatewayConfigFuzzTest {

  private static final GatewayHome NOWHERE = new GatewayHome(Path.of("/nonexistent"));

  @FuzzTest(maxDuration = "60s")
  void readsAConfigurationOrSaysWhatIsWrong(byte[] text) {
    try {
      if (GatewayConfig.parse(new String(text, UTF_8), NOWHERE) == null) {
        throw new AssertionError("neither");
      }
    } catch (InvalidConfigException e) {
      if (e.problems().isEmpty()) {
        throw new AssertionError("refused for nothing");
      }
    }
  }
}
