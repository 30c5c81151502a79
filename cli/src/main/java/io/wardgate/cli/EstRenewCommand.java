// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.est.EstClient;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;

/** {@code wardgate est renew}: a certificate to follow the one a device has. */
@Command(
    name = "renew",
    description = {
      "Asks, with the operator's certificate, for one to follow it, for a new key. Keep the old one",
      "until the new one was used once: from then on it opens nothing."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EstRenewCommand extends EstAskCommand {

  @Override
  CompletionStage<EstClient.Answer> ask(EstClient client, byte[] request) {
    return client.renew(request);
  }

  @Override
  String done() {
    return "renewed";
  }
}
