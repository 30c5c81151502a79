// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.est.EstClient;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;

/** {@code wardgate est enrol}: a device's first certificate of its operator. */
@Command(
    name = "enrol",
    description =
        "Asks, with the manufacturer's certificate, for the first one of the operator. REFUSED"
            + " enrolment-waits if an operator has yet to decide: ask again with the same request.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EstEnrolCommand extends EstAskCommand {

  @Override
  CompletionStage<EstClient.Answer> ask(EstClient client, byte[] request) {
    return client.enrol(request);
  }

  @Override
  String done() {
    return "enrolled";
  }
}
