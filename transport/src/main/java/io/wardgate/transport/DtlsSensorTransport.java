// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.identity.SensorCredential;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** Prepares a sensor's connector: client role only, one gateway, one credential. */
final class DtlsSensorTransport implements SensorTransport {

  private final InetSocketAddress gateway;

  DtlsSensorTransport(InetSocketAddress gateway) {
    this.gateway = gateway;
  }

  @Override
  public Link open(SensorCredential credential, InstantSource clock) throws WardgateException {
    boolean preShared = credential instanceof SensorCredential.Shared;
    Configuration settings = DtlsSettings.sensor(!preShared, preShared);
    DtlsConnectorConfig.Builder dtls =
        DtlsConnectorConfig.builder(settings)
            .setAddress(anyAddressFor(gateway))
            .setDatagramFilter(HelloFilter.ofSensor(settings, System::nanoTime))
            .setLoggingTag("wardgate-sensor");
    Predicate<Principal> gatewayStands = proved -> true;
    if (credential instanceof SensorCredential.Certified certified) {
      GatewayGate gate = new GatewayGate(certified.gateway(), clock);
      gatewayStands = gate::stands;
      dtls.setCertificateIdentityProvider(OwnCertificate.of(certified.keyPair()))
          .setAdvancedCertificateVerifier(gate);
    } else if (credential instanceof SensorCredential.Shared shared) {
      dtls.setAdvancedPskStore(new SensorKey(shared.key()));
    } else if (credential instanceof SensorCredential.Nothing nothing) {
      dtls.setAdvancedCertificateVerifier(new GatewayGate(nothing.gateway(), clock));
    } else {
      throw new WardgateBug("an unknown kind of credential");
    }
    DTLSConnector connector = new DTLSConnector(dtls.build());
    CoapEndpoint endpoint =
        new CoapEndpoint.Builder()
            .setConfiguration(settings)
            .setConnector(connector)
            .setLoggingTag("wardgate-sensor")
            .build();
    ProtocolThreads threads = new ProtocolThreads("wardgate-sensor-coap");
    endpoint.setExecutors(threads, threads);
    Predicate<Principal> stands = gatewayStands;
    return SensorLink.start(
        endpoint,
        connector,
        threads,
        gateway,
        session ->
            stands.test(session.getPeerIdentity())
                && isYoung(Duration.ofMillis(clock.millis() - session.getCreationTime())));
  }

  private static boolean isYoung(Duration age) {
    return !age.isNegative() && age.compareTo(SessionLimits.DEFAULT.age()) <= 0;
  }

  private static InetSocketAddress anyAddressFor(InetSocketAddress gateway) {
    InetAddress address = gateway.getAddress();
    // Bound to loopback for a loopback gateway, so that a bench is reachable from nowhere else.
    return address != null && address.isLoopbackAddress()
        ? new InetSocketAddress(address, 0)
        : new InetSocketAddress(0);
  }
}
