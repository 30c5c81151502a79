// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayHomeTest {

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private GatewayHome home;

  @BeforeEach
  void makeHome() throws Exception {
    home = TestHome.in(directory);
  }

  @Test
  void refusesAHomeAnyPartOfWhichIsOpenToOthers() throws Exception {
    for (Path path :
        List.of(home.directory(), home.vault(), home.configuration(), home.state(), home.lock())) {
      var before = Files.getPosixFilePermissions(path);
      for (String mode : List.of("rwxr-x---", "rwx-----x", "rwx---r--", "rwx-w----")) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        assertThat(
                catchThrowableOfType(
                        WardgateException.class, () -> GatewayHome.at(home.directory()))
                    .reason())
            .as("%s %s", path, mode)
            .isEqualTo(Reason.HOME_EXPOSED);
      }
      Files.setPosixFilePermissions(path, before);
    }
    assertThat(GatewayHome.at(home.directory())).isEqualTo(home);
  }

  @Test
  void aDirectoryThatIsNoHomeIsAnError() throws Exception {
    Files.delete(home.vault());

    assertThatThrownBy(() -> GatewayHome.at(home.directory()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a gateway home");
    assertThatThrownBy(() -> GatewayHome.at(directory.resolve("nowhere")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void oneProcessHoldsAHome() throws Exception {
    try (OpenHome first = TestHome.open(home)) {
      assertThat(first.registry().all()).isEmpty();
      assertThat(catchThrowableOfType(WardgateException.class, () -> TestHome.open(home)).reason())
          .isEqualTo(Reason.HOME_IN_USE);
    }
    TestHome.open(home).close();
  }

  @Test
  void aHomeThatDoesNotOpenIsLetGo() throws Exception {
    Path unlock = directory.resolve("gw.unlock");
    Files.move(unlock, directory.resolve("elsewhere"));
    assertThat(catchThrowableOfType(WardgateException.class, () -> TestHome.open(home)).reason())
        .isEqualTo(Reason.UNLOCK_SECRET_MISSING);

    UnlockSecret.generate(TestHome.RANDOM, unlock);
    UnlockSource.BESIDE_THE_HOME.readOrCreate(home.directory(), TestHome.RANDOM).close();
    assertThat(catchThrowableOfType(WardgateException.class, () -> TestHome.open(home)).reason())
        .isEqualTo(Reason.VAULT_LOCKED);

    Optional<HomeLock> lock = HomeLock.tryAcquire(home.lock());
    assertThat(lock).isPresent();
    lock.orElseThrow().close();
  }
}
