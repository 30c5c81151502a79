// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.transport.DtlsTransport.OptIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.InMemoryMessageExchangeStore;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's open port: one DTLS connector, one CoAP endpoint, and the threads both run on.
 *
 * <p>Uses the endpoint alone, without Californium's server, which would answer {@code
 * /.well-known/core} by itself and open an unsecured port if it were given none.
 */
final class DtlsEndpoint implements Transport.Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(DtlsEndpoint.class.getPackageName());

  /** The clock of every endpoint that is given none. */
  static final LongSupplier NANOS = System::nanoTime;

  /** How often what is of no use any more is removed. */
  private static final long PURGE_HOURS = 24;

  private final DTLSConnector connector;
  private final CoapEndpoint endpoint;
  private final ProtocolThreads threads;
  private final Sessions sessions;
  private final HandshakeWatch watch;
  private final SavedSessions saved;
  private final Resumption resumption;
  private final LongSupplier nanos;
  private final int restored;

  private DtlsEndpoint(
      DTLSConnector connector,
      CoapEndpoint endpoint,
      ProtocolThreads threads,
      Sessions sessions,
      HandshakeWatch watch,
      SavedSessions saved,
      Resumption resumption,
      LongSupplier nanos,
      int restored) {
    this.connector = connector;
    this.endpoint = endpoint;
    this.threads = threads;
    this.sessions = sessions;
    this.watch = watch;
    this.saved = saved;
    this.resumption = resumption;
    this.nanos = nanos;
    this.restored = restored;
  }

  static DtlsEndpoint open(
      InetSocketAddress address,
      int maxSessions,
      SessionLimits limits,
      Set<OptIn> optIns,
      GatewayIdentity identity,
      PeerVerifier peers,
      Intake intake,
      SavedSessions saved,
      LongSupplier nanos)
      throws WardgateException {
    ProtocolThreads threads = new ProtocolThreads("wardgate-coap");
    boolean serves = false;
    try {
      boolean certificates = peers.trust().acceptsCertificates();
      boolean preSharedKeys = peers.trust().acceptsPreSharedKeys();
      Configuration settings =
          DtlsSettings.gateway(maxSessions, limits, optIns, certificates, preSharedKeys);
      SecureRandom random = new SecureRandom();
      HandshakeWatch watch =
          new HandshakeWatch(intake, threads, HandshakePlaces.beside(maxSessions), nanos);
      Sessions sessions = new Sessions(threads, maxSessions, peers::stands);
      PeerGate gate = new PeerGate(peers, watch, sessions::hasPlaceFor, random, nanos);
      Resumption resumption =
          new Resumption(
              saved,
              gate,
              Set.copyOf(settings.get(DtlsConfig.DTLS_CIPHER_SUITES)),
              limits,
              peers::now);
      DtlsConnectorConfig.Builder dtls =
          DtlsConnectorConfig.builder(settings)
              .setAddress(address)
              .setReuseAddress(false)
              .setLoggingTag("wardgate")
              .setSessionListener(watch)
              .setConnectionListener(sessions)
              .setDatagramFilter(HelloFilter.ofGateway(settings, watch::hasPlaceFor))
              .setApplicationLevelInfoSupplier(gate)
              .setSessionStore(resumption)
              .setResumptionVerifier(resumption);
      if (certificates) {
        dtls.setCertificateIdentityProvider(OwnCertificate.of(identity.keyPair()))
            .setAdvancedCertificateVerifier(gate);
      }
      if (preSharedKeys) {
        dtls.setAdvancedPskStore(gate);
      }
      DTLSConnector connector = new DTLSConnector(dtls.build());
      sessions.of(connector);
      InMemoryMessageExchangeStore exchanges = new InMemoryMessageExchangeStore(settings);
      exchanges.setMessageIdProvider(new MessageIds(random));
      CoapEndpoint endpoint =
          new CoapEndpoint.Builder()
              .setConfiguration(settings)
              .setMessageExchangeStore(exchanges)
              .setConnector(connector)
              .setEndpointContextMatcher(new SessionMatcher())
              .setLoggingTag("wardgate")
              .build();
      endpoint.setExecutors(threads, threads);
      endpoint.addInterceptor(new BareRefusals());
      endpoint.setMessageDeliverer(new CoapDoor(intake, threads, nanos, sessions, limits));
      // Last: a connection is put back before the first datagram is read, or its device is a
      // stranger.
      int restored =
          saved
              .takeConnections()
              .map(all -> SavedConnections.put(all, connector, resumption, gate, nanos.getAsLong()))
              .orElse(0);
      DtlsEndpoint open =
          new DtlsEndpoint(
              connector, endpoint, threads, sessions, watch, saved, resumption, nanos, restored);
      open.serve(peers, address);
      serves = true;
      return open;
    } finally {
      if (!serves) {
        threads.shutdownNow();
      }
    }
  }

  private void serve(PeerVerifier peers, InetSocketAddress address) throws WardgateException {
    resumption.serve();
    boolean listens = false;
    try {
      endpoint.start();
      listens = true;
    } catch (IOException e) {
      throw new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "cannot listen on " + address, e);
    } finally {
      if (!listens) {
        // Nothing was sent under their keys: they go on when the address is free.
        saveConnections();
        endpoint.destroy();
      }
    }
    var unused = threads.scheduleWithFixedDelay(() -> purge(peers), 0, PURGE_HOURS, TimeUnit.HOURS);
  }

  private void purge(PeerVerifier peers) {
    try {
      saved.purge(peers.now().instant());
    } catch (RuntimeException e) {
      // Thrown on, it would be the last time.
      LOG.warn("kept sessions could not be purged", e);
    }
  }

  @Override
  public InetSocketAddress address() {
    return connector.getAddress();
  }

  @Override
  public int sessions() {
    return sessions.count();
  }

  @Override
  public void end(Predicate<AuthenticatedPeer> peers) {
    sessions.end(peers);
  }

  @Override
  public long resumed() {
    return watch.resumed();
  }

  @Override
  public int restored() {
    return restored;
  }

  @Override
  public void close() {
    boolean served = connector.isRunning();
    // From here on nothing is sent: what is saved now is how far the counters went.
    endpoint.stop();
    if (served) {
      saveConnections();
    }
    endpoint.destroy();
    threads.shutdownNow();
  }

  private void saveConnections() {
    try {
      byte[] all = SavedConnections.take(connector, resumption, nanos.getAsLong());
      saved.saveConnections(all);
      Arrays.fill(all, (byte) 0);
    } catch (IOException | RuntimeException e) {
      LOG.warn("connections could not be saved; their devices will shake hands in short", e);
    }
  }
}
