// SPDX-License-Identifier: Apache-2.0
package io.wardgate.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A number that rises, survives, and cannot be written by who does not hold the vault. */
class FileCounterTest {

  private static final InstantSource NOW = InstantSource.fixed(Instant.EPOCH);
  private static final StateKeys KEYS = StateKeys.generate(NOW, new SecureRandom());

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void choosePlace() {
    file = folder.resolve("log.head");
  }

  @Test
  void knowsNoNumberBeforeItIsMade() throws Exception {
    assertThat(counter().value()).isEqualTo(OptionalLong.empty());
    assertThat(file).doesNotExist();
  }

  @Test
  void risesAndNeverFalls() throws Exception {
    counter().adopt(0);
    for (long value : new long[] {1, 2, 5, 3, 5, 4, 1L << 40}) {
      counter().raise(value);
    }
    counter().raise(7);
    assertThat(counter().value()).hasValue(1L << 40);
    assertThat(counter().isCopy()).isFalse();
  }

  @Test
  void aTornWriteLeavesTheValueBefore() throws Exception {
    FileCounter counter = counter();
    counter.adopt(0);
    counter.raise(1);
    byte[] before = Files.readAllBytes(file);
    counter.raise(2);
    byte[] after = Files.readAllBytes(file);
    int seen = 0;
    for (int at = 0; at < after.length; at++) {
      if (before[at] != after[at]) {
        byte[] torn = after.clone();
        System.arraycopy(before, at, torn, at, after.length - at);
        Files.write(file, torn);
        assertThat(counter().value()).as("torn at %d", at).hasValue(1);
        seen++;
      }
    }
    assertThat(seen).isPositive();
  }

  @Test
  void believesNoFileThatWasCutOrChanged() throws Exception {
    counter().adopt(9);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(counter().value()).as("cut at %d", length).isEmpty();
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      OptionalLong value = counter().value();
      assertThat(value.isEmpty() || value.getAsLong() == 9).as("changed at %d", at).isTrue();
    }
  }

  @Test
  void leavesOneOfALaterFormatUntouched() throws Exception {
    counter().adopt(9);
    byte[] later = Files.readAllBytes(file);
    later[9] = 2;
    later[20] ^= 1;
    for (byte[] newer : List.of(later, Arrays.copyOf(later, 4096), Arrays.copyOf(later, 40))) {
      Files.write(file, newer);
      FileCounter counter = counter();
      assertThatThrownBy(counter::value).isInstanceOf(NewerFormatException.class);
      assertThatThrownBy(counter::isCopy).isInstanceOf(NewerFormatException.class);
      assertThatThrownBy(() -> counter.raise(10)).isInstanceOf(NewerFormatException.class);
      assertThatThrownBy(() -> counter.adopt(10)).isInstanceOf(NewerFormatException.class);
      assertThat(file).hasBinaryContent(newer);
    }
  }

  @Test
  void aFlippedVersionIsDamageAndNotTheFuture() throws Exception {
    counter().adopt(9);
    byte[] flipped = Files.readAllBytes(file);
    flipped[9] ^= 2;
    Files.write(file, flipped);
    assertThat(counter().value()).isEmpty();
  }

  @Test
  void believesNoFileOfAnotherVault() throws Exception {
    FileCounter.at(file, StateKeys.generate(NOW, new SecureRandom())).adopt(1_000_000);
    assertThat(counter().value()).isEmpty();
  }

  @Test
  void aCopiedFileKnowsThatItIsACopyUntilItIsAdopted() throws Exception {
    counter().adopt(3);
    Path copy = folder.resolve("copy.head");
    Files.copy(file, copy);
    FileCounter copied = FileCounter.at(copy, KEYS);
    assertThat(copied.value()).hasValue(3);
    assertThat(copied.isCopy()).isTrue();
    copied.raise(4);
    assertThat(copied.isCopy()).isTrue();
    copied.adopt(4);
    assertThat(copied.isCopy()).isFalse();
    assertThat(copied.value()).hasValue(4);
  }

  @Test
  void aMovedFolderIsNoCopy() throws Exception {
    file = Files.createDirectory(folder.resolve("home")).resolve("log.head");
    counter().adopt(3);
    Path moved = Files.move(file.getParent(), folder.resolve("moved"));
    assertThat(FileCounter.at(moved.resolve("log.head"), KEYS).isCopy()).isFalse();
  }

  @Test
  void theCounterOfOneJournalMovedToAnothersPlaceIsACopy() throws Exception {
    counter().adopt(3);
    Path other = Files.move(file, folder.resolve("other.head"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(FileCounter.at(other, KEYS).isCopy()).isTrue();
  }

  @Test
  void oneThatIsLostIsMadeAnewAsACopy() throws Exception {
    counter().raise(5);
    assertThat(counter().value()).hasValue(5);
    assertThat(counter().isCopy()).isTrue();
  }

  private FileCounter counter() {
    return FileCounter.at(file, KEYS);
  }
}
