// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.NewFile;
import io.wardgate.exchange.SensorTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate est crts}: the authorities a gateway tells its devices of. */
@Command(
    name = "crts",
    description = {
      "Fetches the authorities a gateway tells its devices of, and goes there once more trusting",
      "nobody else: authorities that do not vouch for who sent them are not kept."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class EstCrtsCommand extends EstClientCommand {

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE2",
      description = "A new file for them, in PEM. Nothing is overwritten.")
  Path target = Path.of("");

  @Override
  int work(List<X509Certificate> chain, PrivateKey own, X509Certificate anchor)
      throws IOException, WardgateException {
    List<X509Certificate> told;
    try (SensorTransport.Link link = link(chain, own, anchor)) {
      told = authorities(link);
    }
    if (told.stream().noneMatch(authority -> vouches(chain, own, authority))) {
      throw new WardgateException(
          Reason.EST_ANSWER_MALFORMED, "none of them vouches for the gateway that sent them");
    }
    StringBuilder pem = new StringBuilder();
    told.forEach(authority -> pem.append(Pem.certificate(authority)));
    NewFile.write(target, pem.toString().getBytes(StandardCharsets.US_ASCII));
    out().println("fetched " + told.size());
    return Outcome.DONE;
  }

  private boolean vouches(List<X509Certificate> chain, PrivateKey own, X509Certificate authority) {
    try (SensorTransport.Link link = link(chain, own, authority)) {
      return !authorities(link).isEmpty();
    } catch (WardgateException | IllegalArgumentException e) {
      return false;
    }
  }
}
