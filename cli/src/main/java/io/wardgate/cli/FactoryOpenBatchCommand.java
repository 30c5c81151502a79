// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.factory.BatchAuthorisation;
import io.wardgate.registry.Batch;
import io.wardgate.registry.BatchRecord;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate factory open-batch}: begins what a signed authorisation allows. */
@Command(
    name = "open-batch",
    description =
        "Begins a batch that a signed authorisation allows at this station; opening the same again"
            + " goes on with it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class FactoryOpenBatchCommand extends FactoryStationCommand {

  @Option(
      names = "--authorisation",
      required = true,
      paramLabel = "FILE",
      description =
          "CMS in DER around {\"batch\",\"model\",\"count\",\"station\",\"from\",\"until\"}, as"
              + " openssl cms -sign -binary -nodetach -outform DER makes it with the authoriser's"
              + " key.")
  Path authorisation = Path.of("");

  @Override
  int work(GatewayHome home, OpenHome open, GatewayConfig.Factory factory)
      throws IOException, WardgateException {
    byte[] signed = readUpTo(authorisation, BatchAuthorisation.MAX_BYTES);
    Batch batch = BatchAuthorisation.read(signed, factory.authoriser(), Wiring.clock().instant());
    BatchRecord record = open.factory(home, factory).open(batch);
    out()
        .println(
            "opened "
                + batch.id()
                + " "
                + batch.model()
                + ", "
                + record.issued().size()
                + " of "
                + batch.count()
                + " issued");
    return Outcome.DONE;
  }
}
