// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.cli.home.ShortTempDir;
import io.wardgate.fixtures.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that starts Java, in surroundings that are not a developer's. */
class LauncherIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"WARDGATE_JAVA_OPTS", "JDK_JAVA_OPTIONS"})
  void takesAnotherCollector(String variable) {
    Peer.Outcome outcome = shell(variable + "='-Xmx64m -XX:+UseParallelGC' \"$@\"", "--version");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
  }

  @Test
  void makesAHomeBeyondAsciiInAnAsciiLocale() throws Exception {
    String name = "\"$(printf 'h\\303\\264me')\"";
    Peer.Outcome outcome =
        shell("cd " + directory + "; LC_ALL=C \"$@\" " + name + "; ls -d " + name, "init");

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.stderr()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_392,8", "11.0.2,11", "16,16"})
  void tellsWhichJavaIsTooOld(String version, String shown) throws Exception {
    Path bin = Files.createDirectories(directory.resolve("jdk/bin"));
    Files.createSymbolicLink(bin.resolve("java"), Path.of("env"));
    Files.writeString(bin.resolve("env"), "#!/bin/sh\n");
    assertThat(bin.resolve("env").toFile().setExecutable(true)).isTrue();
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");

    Peer.Outcome outcome = shell("JAVA_HOME=" + directory + "/jdk \"$@\"", "--version");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .isEqualTo(
            "REFUSED runtime-unfit\nJava 17.0.3 or later is needed, this is " + shown + "\n");
  }

  @Test
  void refusesAPlaceJavaCannotLoadFrom() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("a:b/bin"));
    Files.copy(CommandLineIT.WARDGATE, bin.resolve("wardgate"));

    Peer.Outcome outcome = Peer.of("/bin/sh", bin + "/wardgate", "--version").run(LIMIT);

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.stderr()).startsWith("wardgate: cannot run from").hasLineCount(1);
  }

  @Test
  void leavesArgumentsAsTheyAre() {
    Peer.Outcome outcome =
        shell("exec 3</dev/null; \"$@\" 'config' check --home ' a  *  b '", "--unlock-fd", "3");

    assertThat(outcome.stderr()).contains("unknown argument --unlock-fd");

    outcome = shell("\"$@\" '  a  *  '", "config", "check", "--home");
    assertThat(outcome.stderr()).contains("  a  *  ");
  }

  private static Peer.Outcome shell(String script, String... arguments) {
    return Peer.of("/bin/sh", "-c", script, "sh", CommandLineIT.WARDGATE.toString())
        .with(arguments)
        .run(LIMIT);
  }
}
