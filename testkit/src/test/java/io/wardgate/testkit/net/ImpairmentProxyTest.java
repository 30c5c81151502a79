// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImpairmentProxyTest {

  private static final int PATIENCE_MILLIS = 5_000;
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final DatagramSocket target = socket();
  private final DatagramSocket client = socket();

  @AfterEach
  void closeSockets() {
    target.close();
    client.close();
  }

  @Test
  void carriesDatagramsBothWays() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none())) {
      send(client, proxy.address(), "reading");
      DatagramPacket received = receive(target);
      assertThat(text(received)).isEqualTo("reading");
      assertThat(received.getSocketAddress()).isNotEqualTo(client.getLocalSocketAddress());
      send(target, received.getSocketAddress(), "acknowledged");
      DatagramPacket answer = receive(client);
      assertThat(text(answer)).isEqualTo("acknowledged");
      assertThat(answer.getSocketAddress()).isEqualTo(proxy.address());
    }
  }

  @Test
  void carriesAnEmptyDatagramAndALargeOne() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none())) {
      send(client, proxy.address(), "");
      assertThat(receive(target).getLength()).isZero();
      // macOS refuses more than 9216 unless told otherwise.
      send(client, proxy.address(), "x".repeat(9_000));
      assertThat(receive(target).getLength()).isEqualTo(9_000);
    }
  }

  @Test
  void eachClientIsAPeerOfItsOwnToTheTarget() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none());
        DatagramSocket other = socket()) {
      send(client, proxy.address(), "one");
      SocketAddress one = receive(target).getSocketAddress();
      send(other, proxy.address(), "two");
      SocketAddress two = receive(target).getSocketAddress();
      assertThat(two).isNotEqualTo(one);
      send(target, one, "to one");
      send(target, two, "to two");
      assertThat(text(receive(client))).isEqualTo("to one");
      assertThat(text(receive(other))).isEqualTo("to two");
    }
  }

  @Test
  void aStrangerCannotAnswerForTheTarget() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none());
        DatagramSocket stranger = socket()) {
      send(client, proxy.address(), "reading");
      SocketAddress peer = receive(target).getSocketAddress();
      send(stranger, peer, "forged");
      send(target, peer, "genuine");
      assertThat(text(receive(client))).isEqualTo("genuine");
      assertThat(proxy.count(Direction.TO_CLIENT, Outcome.RECEIVED)).isEqualTo(1);
    }
  }

  @Test
  void losesExactlyWhatThePlanLoses() throws IOException {
    Impairment lossy = Impairment.none().losing(0.4);
    ImpairmentPlan plan = new ImpairmentPlan(21, lossy);
    try (ImpairmentProxy proxy = proxy(21, lossy)) {
      Set<Integer> expected = new HashSet<>();
      for (int number = 0; number < 100; number++) {
        send(client, proxy.address(), Integer.toString(number));
        if (!plan.fate(Direction.TO_TARGET, number).lost()) {
          expected.add(number);
        }
      }
      for (int number : expected.stream().sorted().toList()) {
        assertThat(text(receive(target))).isEqualTo(Integer.toString(number));
      }
      assertThat(expected).hasSizeBetween(40, 80);
      // A command waits for everything that arrived before it, the lost included.
      proxy.restore();
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.RECEIVED)).isEqualTo(100);
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.LOST)).isEqualTo(100 - expected.size());
      assertThat(proxy.count(Direction.TO_CLIENT, Outcome.RECEIVED)).isZero();
    }
  }

  @Test
  void duplicates() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none().duplicating(1))) {
      send(client, proxy.address(), "twice");
      assertThat(text(receive(target))).isEqualTo("twice");
      assertThat(text(receive(target))).isEqualTo("twice");
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.DUPLICATED)).isEqualTo(1);
    }
  }

  @Test
  void reorders() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none().reordering(1))) {
      send(client, proxy.address(), "first");
      send(client, proxy.address(), "second");
      assertThat(text(receive(target))).isEqualTo("second");
      assertThat(text(receive(target))).isEqualTo("first");
    }
  }

  @Test
  void corruptsOneBit() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none().corrupting(1))) {
      byte[] sent = "a reading of some length".getBytes(UTF_8);
      client.send(new DatagramPacket(sent, sent.length, proxy.address()));
      DatagramPacket received = receive(target);
      int flipped = 0;
      for (int i = 0; i < sent.length; i++) {
        flipped += Integer.bitCount((sent[i] ^ received.getData()[i]) & 0xff);
      }
      assertThat(received.getLength()).isEqualTo(sent.length);
      assertThat(flipped).isEqualTo(1);
    }
  }

  @Test
  void delaysByAtLeastWhatItSays() throws IOException {
    Duration delay = Duration.ofMillis(60);
    try (ImpairmentProxy proxy = proxy(Impairment.none().delaying(delay, delay))) {
      long before = System.nanoTime();
      send(client, proxy.address(), "late");
      receive(target);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThanOrEqualTo(delay.minusMillis(5));
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.DELAYED)).isEqualTo(1);
    }
  }

  @Test
  void rebindingChangesThePortThatTheTargetSeesAndNothingElse() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none())) {
      send(client, proxy.address(), "before");
      SocketAddress before = receive(target).getSocketAddress();
      proxy.rebind();
      send(client, proxy.address(), "after");
      SocketAddress after = receive(target).getSocketAddress();
      assertThat(after).isNotEqualTo(before);
      send(target, before, "to the old port");
      send(target, after, "to the new port");
      assertThat(text(receive(client))).isEqualTo("to the new port");
    }
  }

  @Test
  void nothingPassesACutLinkAndNothingComesBackLater() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none())) {
      send(client, proxy.address(), "before");
      SocketAddress peer = receive(target).getSocketAddress();
      proxy.cut();
      send(client, proxy.address(), "into the cut");
      send(target, peer, "into the cut");
      proxy.restore();
      send(client, proxy.address(), "after");
      send(target, peer, "after");
      assertThat(text(receive(target))).isEqualTo("after");
      assertThat(text(receive(client))).isEqualTo("after");
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.CUT)).isEqualTo(1);
      assertThat(proxy.count(Direction.TO_CLIENT, Outcome.CUT)).isEqualTo(1);
    }
  }

  @Test
  void cuttingDropsWhatIsUnderWay() throws IOException {
    Duration minute = Duration.ofMinutes(1);
    try (ImpairmentProxy proxy = proxy(Impairment.none().delaying(minute, minute))) {
      send(client, proxy.address(), "under way");
      proxy.cut();
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.CUT)).isEqualTo(1);
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.FORWARDED)).isZero();
    }
  }

  @Test
  void dropsWhatFindsNoRoom() throws IOException {
    Duration minute = Duration.ofMinutes(1);
    try (ImpairmentProxy proxy = proxy(Impairment.none().delaying(minute, minute))) {
      // In portions, each handled before the next: the socket's own buffer must not overflow first.
      for (int sent = 0; sent < Waiting.MOST + 50; sent++) {
        send(client, proxy.address(), "x");
        if (sent % 50 == 0) {
          proxy.restore();
        }
      }
      proxy.restore();
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.OVERFLOWED)).isEqualTo(50);
    }
  }

  @Test
  void aTargetThatIsGoneHarmsNobodyElse() throws IOException {
    try (ImpairmentProxy proxy = proxy(Impairment.none())) {
      target.close();
      for (int i = 0; i < 5; i++) {
        send(client, proxy.address(), "to nobody");
        proxy.restore();
      }
      assertThat(proxy.count(Direction.TO_TARGET, Outcome.RECEIVED)).isEqualTo(5);
    }
  }

  @Test
  void refusesATargetOnAnotherMachine() throws IOException {
    InetAddress elsewhere = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ImpairmentProxy.towards(
                    new InetSocketAddress(elsewhere, 5684), ImpairmentPlan.harmless()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ImpairmentProxy.towards(
                    InetSocketAddress.createUnresolved("localhost", 5684),
                    ImpairmentPlan.harmless()));
  }

  @Test
  void listensOnLoopbackEvenForAForeignTarget() throws IOException {
    InetAddress elsewhere = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    try (ImpairmentProxy proxy =
        ImpairmentProxy.towardsAForeignHost(
            new InetSocketAddress(elsewhere, 5684), ImpairmentPlan.harmless())) {
      assertThat(proxy.address().getAddress().isLoopbackAddress()).isTrue();
    }
  }

  @Test
  void closesTwiceAndAnswersNoCommandAfterwards() throws IOException {
    ImpairmentProxy proxy = proxy(Impairment.none());
    proxy.close();
    proxy.close();
    assertThatIllegalStateException().isThrownBy(proxy::rebind);
    assertThat(proxy.count(Direction.TO_TARGET, Outcome.RECEIVED)).isZero();
  }

  private ImpairmentProxy proxy(Impairment impairment) throws IOException {
    return proxy(1, impairment);
  }

  private ImpairmentProxy proxy(long seed, Impairment impairment) throws IOException {
    return ImpairmentProxy.towards(
        (InetSocketAddress) target.getLocalSocketAddress(), new ImpairmentPlan(seed, impairment));
  }

  private static void send(DatagramSocket from, SocketAddress to, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    from.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static DatagramPacket receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    at.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(Arrays.copyOf(packet.getData(), packet.getLength()), UTF_8);
  }

  private static DatagramSocket socket() {
    try {
      DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return socket;
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }
}
