// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Credential;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway without a free place serves those it has, and is not held by who proves nothing. */
class FullHouseTest {

  /** So many requests later a circle would have gone round as often. */
  private static final int LONG_ENOUGH = 200;

  /** Cookies, the certificates, an alert, and repetitions. */
  private static final int DATAGRAMS_OF_A_REFUSAL = 16;

  /** What any gateway has, see HandshakePlaces. */
  private static final int HANDSHAKES = 128;

  private static final byte ALERT = 21;

  private final AtomicLong passed = new AtomicLong();

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
        ward.refused(Reason.SESSIONS_FULL);
        for (int i = 0; i < LONG_ENOUGH; i++) {
          assertThat(post(one)).isEqualTo(Status.CHANGED);
        }
        assertThat(relay.fromGateway).hasValueLessThanOrEqualTo(DATAGRAMS_OF_A_REFUSAL);
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

  @Test
  void whoIsSilentForLongestMakesRoomForWhoProvedItself() throws Exception {
    try (TestGateway ward = full();
        SensorClient silent = ward.client(ward.device("pump-1", TestGateway.PUMP));
        SensorClient lessSilent = ward.client(ward.device("pump-2", TestGateway.PUMP));
        SensorClient third = ward.client(ward.device("pump-3", TestGateway.PUMP));
        SensorClient fourth = ward.client(ward.device("pump-4", TestGateway.PUMP))) {
      assertThat(post(silent)).isEqualTo(Status.CHANGED);
      pass(1);
      assertThat(post(lessSilent)).isEqualTo(Status.CHANGED);
      pass(Sessions.SILENT_SECONDS);

      assertThat(post(third)).isEqualTo(Status.CHANGED);
      await().until(() -> ward.gateway().metrics().sessions() == 2);
      assertThat(post(lessSilent)).isEqualTo(Status.CHANGED);
      assertThat(ward.gateway().metrics().peersAdmitted()).as("lessSilent stayed").isEqualTo(3);

      pass(Sessions.SILENT_SECONDS - 1);
      assertThatThrownBy(() -> post(fourth)).isInstanceOf(ExecutionException.class);
      ward.refused(Reason.SESSIONS_FULL);
    }
  }

  @Test
  void aDeviceThatStartsAnewTakesTheOldPlaceOfItsOwn() throws Exception {
    try (TestGateway ward = full();
        SensorClient other = ward.client(ward.device("pump-2", TestGateway.PUMP))) {
      Credential credential = ward.device("pump-1", TestGateway.PUMP);
      try (SensorClient before = ward.client(credential);
          SensorClient after = ward.client(credential)) {
        assertThat(post(other)).isEqualTo(Status.CHANGED);
        assertThat(post(before)).isEqualTo(Status.CHANGED);
        assertThat(post(after)).isEqualTo(Status.CHANGED);
        await().until(() -> ward.gateway().metrics().sessions() == 2);
        assertThat(post(after)).isEqualTo(Status.CHANGED);
        assertThat(post(other)).isEqualTo(Status.CHANGED);
        assertThat(ward.gateway().metrics().peersAdmitted()).isEqualTo(3);
        assertThat(ward.refusals()).isEmpty();
      }
    }
  }

  @Test
  @Provision("5.9-3")
  void handshakesThatNobodyEndsTakeNoPlaceOfASession() throws Exception {
    try (TestGateway ward = full();
        SensorClient one = ward.client(ward.device("pump-1", TestGateway.PUMP));
        SensorClient two = ward.client(ward.device("pump-2", TestGateway.PUMP));
        Crowd here = new Crowd(ward, "127.0.0.2", HANDSHAKES);
        Crowd there = new Crowd(ward, "127.0.0.3", HANDSHAKES)) {
      assertThat(post(one)).isEqualTo(Status.CHANGED);
      assertThat(post(two)).isEqualTo(Status.CHANGED);
      pass(10 * Sessions.SILENT_SECONDS);
      here.beginAtOnce();
      there.beginAtOnce();
      ward.refused(Reason.HANDSHAKES_FULL);

      assertThat(post(one)).isEqualTo(Status.CHANGED);
      assertThat(post(two)).isEqualTo(Status.CHANGED);
      assertThat(ward.gateway().metrics().sessions()).isEqualTo(2);
      assertThat(ward.gateway().metrics().peersAdmitted()).isEqualTo(2);
    }
  }

  @Test
  @Provision("5.9-3")
  void whoHoldsAllPlacesOneSourceMayHaveKeepsNobodyElseOut() throws Exception {
    try (TestGateway ward = full();
        Crowd crowd = new Crowd(ward, "127.0.0.2", 2 * HANDSHAKES)) {
      crowd.beginAtOnce();
      ward.refused(Reason.HANDSHAKES_FULL);
      try (SensorClient one = ward.client(ward.device("pump-1", TestGateway.PUMP))) {
        // Before the crowd's handshakes are given up.
        assertThat(post(one, HandshakeWatch.DEADLINE_SECONDS - 3)).isEqualTo(Status.CHANGED);
      }
    }
  }

  @Test
  void aHandshakeGivesItsPlaceBackHoweverItEnds() throws Exception {
    try (TestGateway ward = new TestGateway(state, t -> t.maxSessions(HANDSHAKES))) {
      for (int i = 0; i < HANDSHAKES; i++) {
        try (Stranger stranger = new Stranger(ward.address())) {
          assertThat(stranger.offersNoMasterSecretExtension()[0]).as("an alert").isEqualTo(ALERT);
        }
      }
      for (int i = 0; i <= HANDSHAKES / 2; i++) {
        try (SensorTransport.Link link = ward.link(ward.device("pump-" + i, TestGateway.PUMP))) {
          assertThat(TestGateway.post(link)).isEqualTo(Status.CHANGED);
        }
      }
      assertThat(ward.refusals()).doesNotContain(Reason.HANDSHAKES_FULL);
    }
  }

  /** A hello is not worth anybody's session, see Sessions for what is. */
  @Test
  void theSubstrateItselfEndsOnlyWhatIsBeyondItsLimit() {
    assertThat(
            DtlsSettings.gateway(1, SessionLimits.DEFAULT, Set.of(), true, true)
                .get(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, TimeUnit.SECONDS))
        .isGreaterThan(SessionLimits.DEFAULT.silence().toSeconds());
  }

  /** With two places for sessions, and a clock that stands but for {@link #pass}. */
  private TestGateway full() throws WardgateException {
    return new TestGateway(state, t -> t.maxSessions(2).countingBy(passed::get));
  }

  private void pass(long seconds) {
    passed.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
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
    return post(client, 20);
  }

  private static Status post(SensorClient client, long seconds) throws Exception {
    return client
        .request(Method.POST, "/echo", TestGateway.TEXT, new byte[] {'5'})
        .toCompletableFuture()
        .get(seconds, TimeUnit.SECONDS)
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

  /** Peers at one address that begin handshakes and say no more. */
  private static final class Crowd implements AutoCloseable {

    private final List<Stranger> strangers = new ArrayList<>();

    Crowd(TestGateway ward, String address, int size) throws IOException {
      for (int i = 0; i < size; i++) {
        strangers.add(new Stranger(ward.address(), InetAddress.getByName(address)));
      }
    }

    /** All have their cookies before the first of them begins. */
    void beginAtOnce() throws IOException {
      List<byte[]> hellos = new ArrayList<>();
      for (Stranger stranger : strangers) {
        hellos.add(stranger.helloWithCookie());
      }
      for (int i = 0; i < hellos.size(); i++) {
        strangers.get(i).send(hellos.get(i));
      }
    }

    @Override
    public void close() {
      strangers.forEach(Stranger::close);
    }
  }
}
