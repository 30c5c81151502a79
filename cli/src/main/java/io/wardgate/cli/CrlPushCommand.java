// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.DeskDoor;
import io.wardgate.cli.home.GatewayConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code wardgate crl push}: gives a home a revocation list, whether a gateway runs in it or not.
 * Who it revokes is out within a second.
 */
@Command(
    name = "push",
    description = {
      "Gives the gateway a list of revoked certificates. Works without a network, with a running",
      "gateway or without one; who is revoked is out within a second.",
      "An older list than was taken before is refused."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CrlPushCommand extends HomeCommand {

  /** More namesakes than any authority has had keys. */
  private static final int MAX_NAMESAKES = 4;

  @Option(
      names = "--crl",
      required = true,
      paramLabel = "FILE",
      description = "The list, in PEM or DER.")
  Path crl = Path.of("");

  @Option(
      names = "--issuer",
      paramLabel = "FILE",
      description =
          "The authority that signed it, in PEM, if that is none of the configured anchors but one"
              + " below them.")
  @Nullable Path issuer;

  @Override
  public Integer call() throws IOException, WardgateException {
    byte[] list = Pem.revocationList(readUpTo(crl, Pem.MAX_REVOCATION_LIST_BYTES));
    X500Principal name = issuerOf(list);
    List<X509Certificate> authorities = new ArrayList<>();
    for (GatewayConfig.Anchor anchor : GatewayConfig.of(home()).anchors()) {
      authorities.addAll(anchor.certificates());
    }
    if (issuer != null) {
      authorities.addAll(Pem.certificates(readUpTo(issuer, Pem.MAX_BYTES)));
    }
    authorities.removeIf(authority -> !authority.getSubjectX500Principal().equals(name));
    if (authorities.isEmpty() || authorities.size() > MAX_NAMESAKES) {
      throw new WardgateException(
          Reason.CRL_UNUSABLE, "its authority is no configured anchor; see --issuer");
    }
    try (DeskDoor door =
        DeskDoor.open(
            home(), unlock.source(), Wiring.clock(), Wiring.random(), DeskDoor.PATIENCE)) {
      door.desk().takeRevocationList(list, authorities);
    }
    out().println("taken " + name.getName());
    return Outcome.DONE;
  }

  /** Only to find out whose it is; the desk verifies it. */
  private static X500Principal issuerOf(byte[] list) throws WardgateException {
    try {
      X509CRL parsed =
          (X509CRL)
              CertificateFactory.getInstance("X.509", "SUN")
                  .generateCRL(new ByteArrayInputStream(list));
      return parsed.getIssuerX500Principal();
    } catch (GeneralSecurityException e) {
      throw new WardgateException(Reason.CRL_UNUSABLE, "it does not parse", e);
    }
  }
}
