// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.WardgateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class OldRegistryFileFuzzTest {

  @TempDir private static Path folder;
  private static Path file;

  @BeforeAll
  static void choosePlace() {
    file = folder.resolve("devices");
  }

  @FuzzTest
  void endsInAsManyDevicesAsLinesOrATypedRefusal(byte[] input) throws Exception {
    Files.write(file, input);
    List<Registration> devices;
    try {
      devices = OldRegistryFile.read(file);
    } catch (WardgateException e) {
      return;
    }
    long lines = Files.readString(file).chars().filter(c -> c == '\n').count();
    assertThat(devices).hasSize((int) lines - 2);
  }
}
