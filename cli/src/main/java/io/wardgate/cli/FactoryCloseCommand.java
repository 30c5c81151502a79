// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.registry.BatchRecord;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate factory close}: ends a batch, for good. */
@Command(
    name = "close",
    description = "Ends a batch for good, complete or not.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class FactoryCloseCommand extends FactoryStationCommand {

  @Option(names = "--batch", required = true, paramLabel = "ID", description = "The open batch.")
  String batch = "";

  @Override
  int work(GatewayHome home, OpenHome open, GatewayConfig.Factory factory)
      throws IOException, WardgateException {
    BatchRecord record = open.factory(home, factory).close(batch);
    out()
        .println(
            "closed " + batch + ", " + record.issued().size() + " of " + record.batch().count());
    return Outcome.DONE;
  }
}
