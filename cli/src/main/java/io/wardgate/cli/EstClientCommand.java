// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.est.EstClient;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.transport.DtlsTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that plays a device that enrols: for makers, and for who tests a gateway. */
abstract class EstClientCommand extends SpokenCommand {

  private static final Pattern GATEWAY =
      Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+))(?::([0-9]{1,5}))?");

  private static final int DEFAULT_PORT = 5684;
  private static final int MAX_PORT = 65_535;

  /** Two handshakes that are repeated, and an answer that takes its time. */
  private static final long PATIENCE_SECONDS = 60;

  @Option(
      names = "--gateway",
      required = true,
      paramLabel = "HOST[:PORT]",
      description = "The gateway; an IPv6 address in brackets. Port 5684 by default.")
  String gateway = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name its certificate must have. Default: HOST.")
  @Nullable String name;

  @Option(
      names = "--trust",
      required = true,
      paramLabel = "FILE",
      description = "The authority that vouches for the gateway, in PEM.")
  Path trust = Path.of("");

  @Option(
      names = "--certificate",
      required = true,
      paramLabel = "FILE",
      description = "What the device proves itself by, in PEM, its own certificate first.")
  Path certificate = Path.of("");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "The key of that certificate, PKCS#8 in PEM.")
  Path key = Path.of("");

  @Override
  public final Integer call() throws IOException, WardgateException {
    List<X509Certificate> chain = Pem.certificates(readUpTo(certificate, Pem.MAX_BYTES));
    PrivateKey own = Pem.privateKey(readUpTo(key, Pem.MAX_BYTES));
    X509Certificate anchor = Pem.certificates(readUpTo(trust, Pem.MAX_BYTES)).get(0);
    return work(chain, own, anchor);
  }

  /** What the command does, as that device, trusting that authority. */
  abstract int work(List<X509Certificate> chain, PrivateKey own, X509Certificate anchor)
      throws IOException, WardgateException;

  /** A link that trusts one authority. */
  final SensorTransport.Link link(
      List<X509Certificate> chain, PrivateKey own, X509Certificate anchor)
      throws WardgateException {
    InetSocketAddress address = address();
    return DtlsTransport.to(address)
        .open(
            SensorCredential.certificate(
                own,
                chain,
                GatewayTrust.anchoredAt(anchor, name == null ? address.getHostString() : name)),
            Wiring.clock());
  }

  static <T> T await(CompletionStage<T> stage) throws WardgateException {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WardgateException refusal) {
        throw refusal;
      }
      throw new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "no answer", e);
    } catch (TimeoutException e) {
      throw new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "no answer in a minute", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WardgateException(Reason.CLOSED, "interrupted", e);
    }
  }

  static List<X509Certificate> authorities(SensorTransport.Link link) throws WardgateException {
    return await(EstClient.over(link).authorities());
  }

  private InetSocketAddress address() {
    Matcher parts = GATEWAY.matcher(gateway);
    if (!parts.matches()) {
      throw wrong("--gateway is HOST or HOST:PORT");
    }
    int port = parts.group(3) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(3));
    if (port < 1 || port > MAX_PORT) {
      throw wrong("--gateway has a port of 1 to 65535");
    }
    return new InetSocketAddress(parts.group(1) == null ? parts.group(2) : parts.group(1), port);
  }
}
