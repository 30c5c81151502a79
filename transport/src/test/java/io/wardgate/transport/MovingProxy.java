// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A network between one sensor and its gateway that gives the sensor new addresses, as mobile
 * networks and home routers do, and remembers every datagram that went up.
 */
final class MovingProxy implements AutoCloseable {

  private static final int MAX_BYTES = 65_536;

  private final DatagramSocket front = socket();
  private final InetSocketAddress gateway;
  private final List<byte[]> sent = new CopyOnWriteArrayList<>();
  private volatile DatagramSocket back;
  private volatile InetSocketAddress sensor = new InetSocketAddress(0);

  private final UnaryOperator<byte[]> change;

  MovingProxy(InetSocketAddress gateway) {
    this(gateway, UnaryOperator.identity());
  }

  /** One that changes what the sensor sends. */
  MovingProxy(InetSocketAddress gateway, UnaryOperator<byte[]> change) {
    this.gateway = gateway;
    this.change = change;
    this.back = socket();
    daemon(this::up);
    down(back);
  }

  /** Where the sensor finds its gateway. */
  InetSocketAddress address() {
    return (InetSocketAddress) front.getLocalSocketAddress();
  }

  /** From now on the gateway sees the sensor at another port, and the old one is nobody's. */
  void move() {
    DatagramSocket old = back;
    back = socket();
    down(back);
    old.close();
  }

  /** What the sensor sent so far. */
  List<byte[]> sent() {
    return List.copyOf(sent);
  }

  /** Sends this to the gateway as the sensor would. */
  void replay(byte[] datagram) throws IOException {
    back.send(new DatagramPacket(datagram, datagram.length, gateway));
  }

  private void up() {
    byte[] buffer = new byte[MAX_BYTES];
    while (!front.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        front.receive(packet);
        sensor = (InetSocketAddress) packet.getSocketAddress();
        byte[] datagram = Arrays.copyOf(buffer, packet.getLength());
        sent.add(datagram);
        replay(change.apply(datagram));
      } catch (IOException e) {
        // Closed, or moved just now: as good as lost on the way.
      }
    }
  }

  private void down(DatagramSocket from) {
    daemon(
        () -> {
          byte[] buffer = new byte[MAX_BYTES];
          while (!from.isClosed()) {
            try {
              DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
              from.receive(packet);
              front.send(new DatagramPacket(buffer, packet.getLength(), sensor));
            } catch (IOException e) {
              // The same on the way down.
            }
          }
        });
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "moving-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static DatagramSocket socket() {
    try {
      return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    front.close();
    back.close();
  }
}
