// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnlockSourceTest {

  private static final String TEXT = "q83vEjRWeJC6mHZUMhABI0VniavN7wEjRWeJq83vASM";

  @TempDir Path directory;
  private Path home;

  @BeforeEach
  void makeHome() throws Exception {
    home = Files.createDirectory(directory.resolve("gw"));
  }

  @Test
  void readsTheFileThatWasNamed() throws Exception {
    Path file = secret(directory.resolve("elsewhere"), TEXT + "\n");

    assertThat(text(file(file))).isEqualTo(TEXT);
  }

  @Test
  void looksBesideTheHomeWhenNothingIsNamed() throws Exception {
    secret(directory.resolve("gw.unlock"), TEXT);

    assertThat(text(UnlockSource.BESIDE_THE_HOME)).isEqualTo(TEXT);
  }

  @Test
  void theSystemdCredentialComesBeforeTheFileBeside() throws Exception {
    secret(directory.resolve("gw.unlock"), TEXT);
    Path credentials = Files.createDirectory(directory.resolve("credentials"));
    String other = TEXT.replace('q', 'Q');
    Path file = secret(credentials.resolve("wardgate-unlock"), other);
    // How systemd shows the access list it grants its unit by.
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

    assertThat(text(credential(credentials))).isEqualTo(other);
  }

  @Test
  void readsAnOpenDescriptor() throws Exception {
    Path file = secret(directory.resolve("elsewhere"), TEXT);
    try (var open = new java.io.FileInputStream(file.toFile())) {
      int number = descriptorOf(file);
      assertThat(open.available()).isPositive();
      assertThat(text(new UnlockSource(Optional.empty(), OptionalInt.of(number), Optional.empty())))
          .isEqualTo(TEXT);
    }
  }

  @Test
  @Provision("5.4-1")
  void refusesASecretInsideTheHomeHoweverItIsSpelled() throws Exception {
    Path inside = secret(home.resolve("unlock"), TEXT);
    Path link = Files.createSymbolicLink(directory.resolve("link"), inside);
    Path way = Files.createSymbolicLink(directory.resolve("way"), home);
    Files.createDirectory(directory.resolve("a"));

    for (Path spelled :
        new Path[] {
          inside,
          link,
          way.resolve("unlock"),
          directory.resolve("a/../gw/unlock"),
          directory.resolve("a/../way/unlock"),
          home.resolve("not-there"),
          way.resolve("not-there"),
        }) {
      assertThat(refusal(file(spelled))).as("%s", spelled).isEqualTo(Reason.UNLOCK_SECRET_IN_HOME);
      assertThat(
              catchThrowableOfType(
                      WardgateException.class,
                      () -> file(spelled).readOrCreate(home, TestHome.RANDOM))
                  .reason())
          .isEqualTo(Reason.UNLOCK_SECRET_IN_HOME);
    }
    assertThat(home.resolve("not-there")).doesNotExist();
    assertThat(refusal(credential(inCredentials()))).isEqualTo(Reason.UNLOCK_SECRET_IN_HOME);
  }

  @Test
  void refusesASecretInsideAHomeThatIsStillToBeMade() throws Exception {
    Path place = directory.resolve("later");
    Path way = Files.createSymbolicLink(directory.resolve("way"), Path.of("later"));

    for (Path spelled :
        new Path[] {
          place.resolve("unlock"), place.resolve("../later/unlock"), way.resolve("deep/unlock")
        }) {
      assertThat(
              catchThrowableOfType(
                      WardgateException.class,
                      () -> file(spelled).readOrCreate(place, TestHome.RANDOM))
                  .reason())
          .as("%s", spelled)
          .isEqualTo(Reason.UNLOCK_SECRET_IN_HOME);
    }
  }

  @Test
  void aLoopOfLinksIsAnErrorNotAnEndlessSearch() throws Exception {
    Path one = directory.resolve("one");
    Files.createSymbolicLink(one, directory.resolve("two"));
    Files.createSymbolicLink(directory.resolve("two"), one);

    assertThatThrownBy(() -> file(one).read(home)).isInstanceOf(IOException.class);
  }

  @Test
  void refusesADescriptorOfAFileInTheHome() throws Exception {
    Path inside = secret(home.resolve("unlock"), TEXT);
    try (var open = new java.io.FileInputStream(inside.toFile())) {
      assertThat(open.available()).isPositive();
      assertThat(
              refusal(
                  new UnlockSource(
                      Optional.empty(), OptionalInt.of(descriptorOf(inside)), Optional.empty())))
          .isEqualTo(Reason.UNLOCK_SECRET_IN_HOME);
    }
  }

  @Test
  void readsADescriptorWhoseFileIsGone() throws Exception {
    Path file = secret(directory.resolve("elsewhere"), TEXT);
    try (var open = new java.io.FileInputStream(file.toFile())) {
      int number = descriptorOf(file);
      Files.delete(file);
      assertThat(open.available()).isPositive();
      assertThat(text(descriptor(number))).isEqualTo(TEXT);
    }
  }

  @Test
  @Provision("5.4-1")
  void refusesAFileWithASecondNameWhichMayLieInTheHome() throws Exception {
    Path file = secret(directory.resolve("gw.unlock"), TEXT);
    Files.createLink(home.resolve("innocent"), file);

    assertThat(refusal(UnlockSource.BESIDE_THE_HOME)).isEqualTo(Reason.UNLOCK_SECRET_EXPOSED);
    try (var open = new java.io.FileInputStream(file.toFile())) {
      assertThat(open.available()).isPositive();
      assertThat(refusal(descriptor(descriptorOf(file)))).isEqualTo(Reason.UNLOCK_SECRET_EXPOSED);
    }
  }

  @Test
  @Timeout(20)
  void whatIsNoRegularFileIsAnErrorNotAWait() throws Exception {
    Path pipe = directory.resolve("pipe");
    Peer.of("mkfifo", "-m", "600", pipe.toString()).run(Duration.ofSeconds(10));
    assertThat(pipe).exists();

    for (Path place : new Path[] {pipe, Files.createDirectory(directory.resolve("folder"))}) {
      assertThatThrownBy(() -> file(place).read(home))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining(place.toString())
          .hasMessageContaining("not a regular file");
    }
  }

  @Test
  void refusesWhenThereIsNone() {
    assertThat(refusal(UnlockSource.BESIDE_THE_HOME)).isEqualTo(Reason.UNLOCK_SECRET_MISSING);
    assertThat(refusal(file(directory.resolve("nowhere")))).isEqualTo(Reason.UNLOCK_SECRET_MISSING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---"})
  void refusesAFileOpenToOthers(String mode) throws Exception {
    Path file = secret(directory.resolve("gw.unlock"), TEXT);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    assertThat(refusal(UnlockSource.BESIDE_THE_HOME)).isEqualTo(Reason.UNLOCK_SECRET_EXPOSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "abcabcabcabcabcabcabcabcabcabcabcabcabcabca",
        TEXT + "x",
        TEXT + "\n\n",
        "+83vEjRWeJC6mHZUMhABI0VniavN7wEjRWeJq83vASM",
        " " + TEXT,
        "\u00e483vEjRWeJC6mHZUMhABI0VniavN7wEjRWeJq83vA"
      })
  @Provision("5.1-1")
  void refusesWhatAPersonWouldThinkUp(String text) throws Exception {
    secret(directory.resolve("gw.unlock"), text);

    assertThat(refusal(UnlockSource.BESIDE_THE_HOME)).isEqualTo(Reason.UNLOCK_SECRET_WEAK);
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    for (int length = 0; length < TEXT.length(); length++) {
      Path file = directory.resolve("cut-" + length);
      secret(file, TEXT.substring(0, length));
      assertThat(refusal(file(file))).as("cut at %d", length).isEqualTo(Reason.UNLOCK_SECRET_WEAK);
    }
  }

  @Test
  void makesANewSecretOfItsOwnersAlone() throws Exception {
    Path file = directory.resolve("new");
    String made;
    try (UnlockSecret secret = file(file).readOrCreate(home, TestHome.RANDOM)) {
      made = new String(secret.copyOfText());
      assertThat(secret.isNew()).isTrue();
      assertThat(secret.toString()).doesNotContain(made);
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(text(file(file))).isEqualTo(made);
  }

  @Test
  void doesNotFollowADanglingLinkToMakeOne() throws Exception {
    Files.createSymbolicLink(directory.resolve("gw.unlock"), directory.resolve("target"));

    assertThat(
            catchThrowableOfType(
                    WardgateException.class,
                    () -> UnlockSource.BESIDE_THE_HOME.readOrCreate(home, TestHome.RANDOM))
                .reason())
        .isEqualTo(Reason.UNLOCK_SECRET_MISSING);
    assertThat(directory.resolve("target")).doesNotExist();
  }

  private Path inCredentials() throws Exception {
    secret(home.resolve("wardgate-unlock"), TEXT);
    return home;
  }

  private static int descriptorOf(Path file) throws Exception {
    try (var open = Files.list(Path.of("/dev/fd/"))) {
      for (Path candidate : open.toList()) {
        if (Files.exists(candidate) && Files.isSameFile(candidate, file)) {
          return Integer.parseInt(candidate.getFileName().toString());
        }
      }
    }
    throw new AssertionError("not open");
  }

  private static Path secret(Path file, String text) throws Exception {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static UnlockSource file(Path file) {
    return new UnlockSource(Optional.of(file), OptionalInt.empty(), Optional.empty());
  }

  private static UnlockSource descriptor(int number) {
    return new UnlockSource(Optional.empty(), OptionalInt.of(number), Optional.empty());
  }

  private static UnlockSource credential(Path directory) {
    return new UnlockSource(Optional.empty(), OptionalInt.empty(), Optional.of(directory));
  }

  private String text(UnlockSource source) throws Exception {
    try (UnlockSecret secret = source.read(home)) {
      return new String(secret.copyOfText());
    }
  }

  private Reason refusal(UnlockSource source) {
    return catchThrowableOfType(WardgateException.class, () -> source.read(home)).reason();
  }
}
