// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code wardgate config check}: whether a gateway would start with this configuration. */
@Command(
    name = "check",
    description = "Says OK, or what gateway.toml may not say and where.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ConfigCheckCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

  @Option(names = "--home", required = true, paramLabel = "DIR", description = "The gateway home.")
  Path directory = Path.of("");

  @Override
  public Integer call() throws IOException, WardgateException {
    GatewayConfig.of(GatewayHome.at(directory));
    if (spec != null) {
      spec.commandLine().getOut().println("OK");
    }
    return Outcome.DONE;
  }
}
