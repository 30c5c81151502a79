// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import io.wardgate.WardgateException;
import io.wardgate.cli.home.ControlSocket;
import io.wardgate.cli.home.GatewayConfig;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.cli.home.TokenPin;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.keys.JvmProviders;
import io.wardgate.keys.Pkcs11Vault;
import io.wardgate.reading.FileUplink;
import io.wardgate.transport.DtlsTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wardgate gateway}: serves a home's devices until it is told to end. */
@Command(
    name = "gateway",
    description = "Serves the devices of a home until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class GatewayCommand extends HomeCommand {

  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Instead of the configuration's; 0 lets the system choose.")
  @Nullable Integer port;

  @Option(
      names = "--readings",
      paramLabel = "FILE",
      description =
          "Instead of the configuration's; one JSON line for each reading, in plain text, so"
              + " outside the home.")
  @Nullable Path readings;

  @Option(
      names = "--allow-plain-psk",
      description =
          "Also take pre-shared keys without forward secrecy, as OpenSSL and GnuTLS need: who"
              + " learns a device's key can then read what was recorded before.")
  boolean allowPlainPsk;

  @Option(
      names = "--pkcs11",
      paramLabel = "CONFIG",
      description = {
        "The gateway's key is on the PKCS#11 token this file describes, as the JDK's SunPKCS11",
        "reads it: name, library, slotListIndex. The key has a certificate beside it, self-signed",
        "will do, and the label gateway; the home's own authority certifies it for devices."
      })
  @Nullable Path pkcs11;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description =
          "Holds the token's PIN; mode 0600. Default: the systemd credential wardgate-pkcs11-pin,"
              + " else CONFIG.pin beside it. It is tried once.")
  @Nullable Path pinFile;

  @Override
  @SuppressWarnings("try") // the control socket works by being there
  public Integer call() throws IOException, WardgateException {
    GatewayHome home = home();
    GatewayConfig config = GatewayConfig.of(home);
    Path file = readings(home, config);
    if (home.holds(file)) {
      err().println("wardgate: readings lie in plain text inside the home, in " + file);
    }
    InetSocketAddress address = address(config);
    try (StopSignal stop = StopSignal.install();
        OpenHome open = OpenHome.open(home, unlock.source(), Wiring.clock(), Wiring.random());
        Pkcs11Vault token = token();
        NewReadings fresh = NewReadings.at(file);
        Gateway gateway = gateway(open, identity(open, token), config, address, file)) {
      gateway.start();
      fresh.keep();
      try (ControlSocket control =
          ControlSocket.listen(
              home, open.desk(gateway.registry()), open.enrolment(gateway.enrolment()))) {
        out().println("listening coaps://" + authority(config, gateway.address()));
        out().flush();
        stop.await();
      }
    }
    return Outcome.DONE;
  }

  private Path readings(GatewayHome home, GatewayConfig config) throws IOException {
    if (readings == null) {
      return config.readings();
    }
    if (home.isOwn(readings)) {
      throw wrong("--readings is a file of the home's own, which they would destroy");
    }
    return readings;
  }

  /** Null if the key is in the home's vault; a resource that is null is not closed. */
  private @Nullable Pkcs11Vault token() throws IOException, WardgateException {
    if (pkcs11 == null) {
      if (pinFile != null) {
        throw wrong("--pin-file goes with --pkcs11");
      }
      return null;
    }
    return new TokenPin(Optional.ofNullable(pinFile), Wiring.systemdCredentials()).open(pkcs11);
  }

  private static GatewayIdentity identity(OpenHome open, @Nullable Pkcs11Vault token)
      throws WardgateException {
    if (token == null) {
      return open.identity();
    }
    JvmProviders.installTokenSignatures(token);
    return open.identity(token);
  }

  private Gateway gateway(
      OpenHome open,
      GatewayIdentity identity,
      GatewayConfig config,
      InetSocketAddress address,
      Path file)
      throws WardgateException {
    DtlsTransport transport = DtlsTransport.on(address);
    Gateway.Options options = options(open, identity, config, file, transport);
    config.enrolment().ifPresent(enrolment -> options.enrolment(open.est(enrolment.validity())));
    return options.build();
  }

  private Gateway.Options options(
      OpenHome open,
      GatewayIdentity identity,
      GatewayConfig config,
      Path file,
      DtlsTransport transport)
      throws WardgateException {
    return Gateway.builder()
        .identity(identity)
        .trust(config.trust(open.preSharedKeys()))
        .access(config.access())
        .state(
            GatewayState.with(open.registry())
                .auditedBy(open.trail())
                .revokedBy(open.revocations())
                .timedBy(open.timeFloor())
                .resumedFrom(open.sessions()))
        .transport(allowPlainPsk ? transport.allowingPskWithoutForwardSecrecy() : transport)
        .readings(FileUplink.open(file))
        .limits(config.limits())
        .onSecurityEvent(new EventLog())
        .clock(Wiring.clock())
        .random(Wiring.random());
  }

  private InetSocketAddress address(GatewayConfig config) {
    int number = port == null ? config.port() : port;
    if (number < 0 || number > MAX_PORT) {
      throw wrong("--port is 0 to 65535");
    }
    return config
        .address()
        .map(host -> new InetSocketAddress(host, number))
        .orElseGet(() -> new InetSocketAddress(number));
  }

  /** What a client types: the address if there is one, else the gateway's name. */
  private static String authority(GatewayConfig config, InetSocketAddress bound) {
    String host =
        config.address().map(address -> address.getHostAddress()).orElse(config.name().text());
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
  }
}
