// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.HomeErase;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate erase}: takes a home away for good. */
@Command(
    name = "erase",
    description = {
      "Erases a home for good: its keys first, so that the rest cannot be read any more, then its",
      "devices, audit trail, sessions and configuration, and the readings and the unlock secret",
      "beside it. Without --yes it only lists what would go. The gateway must not be running. After",
      "a power cut, ask again: it goes on. Backups and what was sent elsewhere are not reached;",
      "devices that were let in here find no gateway any more."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EraseCommand extends SpokenCommand {

  @Option(names = "--home", required = true, paramLabel = "DIR", description = "The gateway home.")
  Path directory = Path.of("");

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "A new file that says what was erased, and when. Default: DIR.erased")
  @Nullable Path receipt;

  @Option(names = "--yes", description = "It is decided.")
  boolean yes;

  @Override
  public Integer call() throws IOException, WardgateException {
    HomeErase erase = HomeErase.at(directory, Wiring.clock());
    if (!yes) {
      erase.all().forEach(path -> out().println("would erase " + path));
      return Outcome.DONE;
    }
    Path home = directory.toAbsolutePath().normalize();
    Path written =
        erase.erase(
            receipt == null ? home.resolveSibling(home.getFileName() + ".erased") : receipt);
    out().println("erased " + home);
    out().println("receipt " + written);
    return Outcome.DONE;
  }
}
