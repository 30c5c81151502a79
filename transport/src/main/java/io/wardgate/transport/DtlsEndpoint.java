// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.transport.DtlsTransport.OptIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/**
 * A gateway's open port: one DTLS connector, one CoAP endpoint, and the threads both run on.
 *
 * <p>Uses the endpoint alone, without Californium's server, which would answer {@code
 * /.well-known/core} by itself and open an unsecured port if it were given none.
 */
final class DtlsEndpoint implements Transport.Endpoint {

  private final DTLSConnector connector;
  private final CoapEndpoint endpoint;
  private final ProtocolThreads threads;
  private final Sessions sessions;

  private DtlsEndpoint(
      DTLSConnector connector, CoapEndpoint endpoint, ProtocolThreads threads, Sessions sessions) {
    this.connector = connector;
    this.endpoint = endpoint;
    this.threads = threads;
    this.sessions = sessions;
  }

  static DtlsEndpoint open(
      InetSocketAddress address,
      int maxSessions,
      Set<OptIn> optIns,
      GatewayIdentity identity,
      PeerVerifier peers,
      Intake intake)
      throws WardgateException {
    boolean certificates = peers.trust().acceptsCertificates();
    boolean preSharedKeys = peers.trust().acceptsPreSharedKeys();
    Configuration settings = DtlsSettings.gateway(maxSessions, optIns, certificates, preSharedKeys);
    HandshakeWatch watch = new HandshakeWatch(intake);
    PeerGate gate = new PeerGate(peers, watch);
    Sessions sessions = new Sessions();
    DtlsConnectorConfig.Builder dtls =
        DtlsConnectorConfig.builder(settings)
            .setAddress(address)
            .setReuseAddress(false)
            .setLoggingTag("wardgate")
            .setSessionListener(watch)
            .setConnectionListener(sessions)
            .setApplicationLevelInfoSupplier(gate);
    if (certificates) {
      dtls.setCertificateIdentityProvider(
              new SingleCertificateProvider(
                  identity.privateKey(),
                  identity.chain().toArray(new X509Certificate[0]),
                  CertificateType.X_509))
          .setAdvancedCertificateVerifier(gate);
    }
    if (preSharedKeys) {
      dtls.setAdvancedPskStore(gate);
    }
    DTLSConnector connector = new DTLSConnector(dtls.build());
    ProtocolThreads threads = new ProtocolThreads("wardgate-coap");
    CoapEndpoint endpoint =
        new CoapEndpoint.Builder()
            .setConfiguration(settings)
            .setConnector(connector)
            .setEndpointContextMatcher(new SessionMatcher())
            .setLoggingTag("wardgate")
            .build();
    endpoint.setExecutors(threads, threads);
    endpoint.setMessageDeliverer(new CoapDoor(intake, threads, System::nanoTime));
    DtlsEndpoint open = new DtlsEndpoint(connector, endpoint, threads, sessions);
    try {
      endpoint.start();
    } catch (IOException e) {
      open.close();
      throw new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "cannot listen on " + address, e);
    }
    return open;
  }

  @Override
  public InetSocketAddress address() {
    return connector.getAddress();
  }

  @Override
  public int sessions() {
    return sessions.count.get();
  }

  @Override
  public void close() {
    endpoint.destroy();
    threads.shutdownNow();
  }

  /** Counts connections that have a session. */
  private static final class Sessions implements ConnectionListener {

    final AtomicInteger count = new AtomicInteger();

    @Override
    public void onConnectionEstablished(Connection connection) {
      count.incrementAndGet();
    }

    @Override
    public void onConnectionRemoved(Connection connection) {
      if (connection.hasEstablishedDtlsContext()) {
        count.decrementAndGet();
      }
    }

    @Override
    public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean write) {
      return false;
    }

    @Override
    public boolean onConnectionMacError(Connection connection) {
      return false;
    }

    @Override
    public void beforeExecution(Connection connection) {
      // Nothing to prepare.
    }

    @Override
    public void updateExecution(Connection connection) {
      // Nothing to follow.
    }

    @Override
    public void afterExecution(Connection connection) {
      // Nothing to clean up.
    }
  }
}
