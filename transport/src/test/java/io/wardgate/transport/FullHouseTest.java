// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wardgate.exchange.Method;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Provision;
import io.wardgate.identity.SensorCredential;
import io.wardgate.sensor.SensorClient;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway without a free place serves those it has, and goes round in circles with nobody. */
class FullHouseTest {

  /** So many requests later a circle would have gone round as often. */
  private static final int LONG_ENOUGH = 200;

  @TempDir Path state;

  @Test
  @Provision("5.6-1")
  void whoFindsNoPlaceIsNotAnsweredForEver() throws Exception {
    try (TestGateway ward = new TestGateway(state, t -> t.maxSessions(2));
        SensorClient one = ward.client(ward.device("pump-1", TestGateway.PUMP));
        SensorClient two = ward.client(ward.device("pump-2", TestGateway.PUMP));
        Relay relay = new Relay(ward.address())) {
      assertThat(post(one)).isEqualTo(Status.CHANGED);
      assertThat(post(two)).isEqualTo(Status.CHANGED);
      DTLSConnector third = substratesOwnClient(ward);
      try {
        third.send(
            RawData.outbound(
                new byte[] {1}, new AddressEndpointContext(relay.address()), null, false));
        await().until(() -> relay.fromGateway.get() > 0);
        for (int i = 0; i < LONG_ENOUGH; i++) {
          assertThat(post(one)).isEqualTo(Status.CHANGED);
        }
        assertThat(relay.fromGateway).hasValueLessThanOrEqualTo(HelloFilter.AT_ONCE);
      } finally {
        third.destroy();
      }
      assertThat(post(one)).isEqualTo(Status.CHANGED);
      assertThat(post(two)).isEqualTo(Status.CHANGED);
    }
  }

  @Test
  void aPlaceThatIsGivenBackIsTakenByWhoWaits() throws Exception {
    try (TestGateway ward = new TestGateway(state, t -> t.maxSessions(1));
        SensorClient two = ward.client(ward.device("pump-2", TestGateway.PUMP))) {
      try (SensorClient one = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
        assertThat(post(one)).isEqualTo(Status.CHANGED);
      }
      await().until(() -> ward.gateway().metrics().sessions() == 0);
      assertThat(post(two)).isEqualTo(Status.CHANGED);
    }
  }

  /** Without our own bound on cookies, as other makers' sensors on Californium are. */
  private static DTLSConnector substratesOwnClient(TestGateway ward) throws Exception {
    var credential = ward.device("pump-3", TestGateway.PUMP);
    Configuration settings = DtlsSettings.sensor(true, false);
    settings.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 1);
    DTLSConnector client =
        new DTLSConnector(
            DtlsConnectorConfig.builder(settings)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setCertificateIdentityProvider(
                    OwnCertificate.of(
                        ((SensorCredential.Certified)
                                SensorCredential.certificate(
                                    credential.key(), credential.chain(), ward.trust()))
                            .keyPair()))
                .setAdvancedCertificateVerifier(
                    new GatewayGate(ward.trust(), InstantSource.system()))
                .build());
    client.setRawDataReceiver(data -> {});
    client.start();
    return client;
  }

  private static Status post(SensorClient client) throws Exception {
    return client
        .request(Method.POST, "/echo", TestGateway.TEXT, new byte[] {'5'})
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS)
        .status();
  }

  /** Carries datagrams between one client and the gateway, and counts them. */
  private static final class Relay implements AutoCloseable {

    final AtomicInteger fromGateway = new AtomicInteger();
    private final DatagramSocket outside;
    private final DatagramSocket inside;
    private volatile SocketAddress client = new InetSocketAddress(0);

    Relay(InetSocketAddress gateway) throws IOException {
      outside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      carry(
          outside,
          packet -> {
            client = packet.getSocketAddress();
            packet.setSocketAddress(gateway);
            inside.send(packet);
          });
      carry(
          inside,
          packet -> {
            fromGateway.incrementAndGet();
            packet.setSocketAddress(client);
            outside.send(packet);
          });
    }

    InetSocketAddress address() {
      return (InetSocketAddress) outside.getLocalSocketAddress();
    }

    private static void carry(DatagramSocket from, Step step) {
      Thread thread =
          new Thread(
              () -> {
                byte[] buffer = new byte[2048];
                while (!from.isClosed()) {
                  DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                  try {
                    from.receive(packet);
                    step.take(packet);
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private interface Step {
      void take(DatagramPacket packet) throws IOException;
    }

    @Override
    public void close() {
      outside.close();
      inside.close();
    }
  }
}
