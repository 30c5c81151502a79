// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.est.EstClient;
import io.wardgate.est.Renewal;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--if-due",
      description =
          "Does nothing before two thirds of the certificate's life are past, and a little more or"
              + " less, so that not all come at once: to be called every day.")
  boolean onlyIfDue;

  @Override
  boolean isDue(X509Certificate current) {
    Instant due = Renewal.dueAt(current);
    boolean isEarly = onlyIfDue && Wiring.clock().instant().isBefore(due);
    if (isEarly) {
      out().println("not due until " + due);
    }
    return !isEarly;
  }

  @Override
  CompletionStage<EstClient.Answer> ask(EstClient client, byte[] request) {
    return client.renew(request);
  }

  @Override
  String done() {
    return "renewed";
  }
}
