// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate config check}: whether a gateway would start with this configuration. */
@Command(
    name = "check",
    description = "Says OK, or what gateway.toml may not say and where.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ConfigCheckCommand extends SpokenCommand {

  @Option(names = "--home", required = true, paramLabel = "DIR", description = "The gateway home.")
  Path directory = Path.of("");

  @Override
  public Integer call() throws IOException, WardgateException {
    GatewayConfig.of(GatewayHome.at(directory));
    out().println("OK");
    return Outcome.DONE;
  }
}
