// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home is there whole, or is being erased, or is gone. */
class HomeEraseTest {

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private Path receipt;
  private Path elsewhere;

  private GatewayHome make(String name) throws Exception {
    Path folder = Files.createDirectory(directory.resolve(name));
    GatewayHome home = TestHome.in(folder);
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), "pump-1");
    }
    Files.writeString(home.readings(), "{\"device\":\"pump-1\"}\n");
    for (String rotated : List.of(".1", ".2.gz", "-20261127")) {
      Files.writeString(home.readings().resolveSibling("gw.readings.jsonl" + rotated), "{}\n");
    }
    receipt = folder.resolve("receipt");
    elsewhere = Files.writeString(folder.resolve("gw.readings.jsonl-notes"), "not of the home");
    return home;
  }

  @Test
  @Provision("5.11-1")
  @Provision("5.11-4")
  void nothingOfItIsLeftButAReceipt() throws Exception {
    GatewayHome home = make("one");
    List<Path> all = erase(home, new ArrayList<>()).all();
    assertThat(all)
        .contains(home.vault(), home.configuration(), home.readings())
        .contains(home.directory().resolveSibling("gw.unlock"))
        .allMatch(Files::exists);

    List<String> steps = new ArrayList<>();
    assertThat(erase(home, steps).erase(receipt)).isEqualTo(receipt);

    assertThat(steps.subList(0, 2))
        .as("the keys go first")
        .containsExactly("mark", "delete " + home.vault());
    assertGone(home);
    assertThat(Files.readString(receipt))
        .startsWith("wardgate-erase-receipt 1\nhome " + home.directory() + "\nbegun 2026-11-23")
        .contains("\nended 2026-11-23", "\nvault-sha256 ", "\nalso " + home.readings() + "\n");
  }

  /** N27. */
  @Test
  @Provision("5.11-1")
  void aCutAtAnyStepLeavesAHomeOrOneWhoseErasingGoesOn() throws Exception {
    List<String> steps = new ArrayList<>();
    erase(make("count"), steps).erase(receipt);
    assertThat(steps.size()).isGreaterThan(10);
    for (int cut = 0; cut < steps.size(); cut++) {
      GatewayHome home = make("cut-" + cut);
      int last = cut;
      List<String> done = new ArrayList<>();
      HomeErase erase =
          HomeErase.at(
              home.directory(),
              TestHome.CLOCK,
              step -> {
                if (done.size() == last) {
                  throw new CutException();
                }
                done.add(step);
              });
      assertThatThrownBy(() -> erase.erase(receipt)).isInstanceOf(CutException.class);

      if (cut == 0) {
        assertThat(GatewayHome.at(home.directory())).isEqualTo(home);
      } else if (Files.exists(home.directory().resolve(HomeErase.MARKER))) {
        assertThatThrownBy(() -> GatewayHome.at(home.directory()))
            .isInstanceOfSatisfying(
                WardgateException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.HOME_ERASING));
        assertThat(home.vault())
            .satisfiesAnyOf(
                vault -> assertThat(vault).doesNotExist(), vault -> assertThat(last).isEqualTo(1));
      } else {
        assertThat(receipt).as("only now the marker is gone").exists();
        continue;
      }
      // The receipt that was named first counts.
      erase(home, new ArrayList<>()).erase(receipt.resolveSibling("another"));
      assertGone(home);
      assertThat(receipt.resolveSibling("another").toFile().exists()).isEqualTo(cut == 0);
    }
  }

  @Test
  void aHomeThatIsHeldIsNotErasedAndNothingIsOverwritten() throws Exception {
    GatewayHome home = make("held");
    try (OpenHome open = TestHome.open(home)) {
      assertThat(open.registry().all()).hasSize(1);
      assertThatThrownBy(() -> erase(home, new ArrayList<>()).erase(receipt))
          .isInstanceOfSatisfying(
              WardgateException.class, e -> assertThat(e.reason()).isEqualTo(Reason.HOME_IN_USE));
    }
    assertThatThrownBy(() -> erase(home, new ArrayList<>()).erase(elsewhere))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(
            () -> erase(home, new ArrayList<>()).erase(home.directory().resolve("receipt")))
        .isInstanceOf(IOException.class);
    assertThat(GatewayHome.at(home.directory())).isEqualTo(home);
    assertThatThrownBy(() -> HomeErase.at(directory, TestHome.CLOCK))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a gateway home");
  }

  private static HomeErase erase(GatewayHome home, List<String> steps) throws IOException {
    return HomeErase.at(home.directory(), TestHome.CLOCK, steps::add);
  }

  private void assertGone(GatewayHome home) throws IOException {
    assertThat(home.directory()).doesNotExist();
    try (Stream<Path> left = Files.list(home.directory().getParent())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .isSubsetOf("receipt", "another", "gw.readings.jsonl-notes");
    }
    assertThat(elsewhere).hasContent("not of the home");
  }

  private static final class CutException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
