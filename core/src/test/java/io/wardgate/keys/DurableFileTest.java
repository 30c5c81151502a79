// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is replaced whole or not at all. */
class DurableFileTest {

  @TempDir private Path folder;

  @Test
  void replacesContentAndModeAndLeavesNothingBeside() throws Exception {
    Path file = Files.writeString(folder.resolve("state"), "old and longer");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    DurableFile.replace(file, new byte[] {1, 2, 3});
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void writesAlsoNothing() throws Exception {
    Path file = folder.resolve("state");
    DurableFile.replace(file, new byte[0]);
    assertThat(file).isEmptyFile();
  }

  @Test
  void overcomesWhatACrashLeftBeside() throws Exception {
    Path file = Files.writeString(folder.resolve("state"), "old");
    Files.writeString(folder.resolve("state.new"), "half");
    DurableFile.replace(file, new byte[] {7});
    assertThat(file).hasBinaryContent(new byte[] {7});
    assertThat(folder.resolve("state.new")).doesNotExist();
  }

  @Test
  void doesNotFollowALinkPlantedBeside() throws Exception {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "not ours");
    Files.createSymbolicLink(folder.resolve("state.new"), elsewhere);
    DurableFile.replace(folder.resolve("state"), new byte[] {7});
    assertThat(elsewhere).hasContent("not ours");
    assertThat(folder.resolve("state")).isRegularFile().hasBinaryContent(new byte[] {7});
  }

  @Test
  void leavesTheOldContentWhenItFails() throws Exception {
    Path file = Files.writeString(folder.resolve("state"), "old");
    Path inTheWay = Files.createDirectory(folder.resolve("state.new"));
    Files.createFile(inTheWay.resolve("kept"));
    assertThatIOException().isThrownBy(() -> DurableFile.replace(file, new byte[] {7}));
    assertThat(file).hasContent("old");
  }

  @Test
  void failsWhereThereIsNoFolder() {
    Path nowhere = folder.resolve("missing/state");
    assertThatIOException().isThrownBy(() -> DurableFile.replace(nowhere, new byte[] {7}));
  }
}
