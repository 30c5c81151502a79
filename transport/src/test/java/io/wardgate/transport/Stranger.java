// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;

/** A peer that is a socket and nothing else. */
final class Stranger implements AutoCloseable {

  private static final int ANSWER_MILLIS = 5000;

  private final DatagramSocket socket;
  private final InetSocketAddress gateway;
  private final byte[] random = new byte[32];

  Stranger(InetSocketAddress gateway) throws IOException {
    this(gateway, InetAddress.getLoopbackAddress());
  }

  Stranger(InetSocketAddress gateway, InetAddress from) throws IOException {
    this.gateway = gateway;
    this.socket = new DatagramSocket(new InetSocketAddress(from, 0));
    socket.setSoTimeout(ANSWER_MILLIS);
  }

  void send(byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length, gateway));
  }

  Optional<byte[]> ask(byte[] datagram) throws IOException {
    send(datagram);
    byte[] buffer = new byte[4096];
    DatagramPacket answer = new DatagramPacket(buffer, buffer.length);
    try {
      socket.receive(answer);
      return Optional.of(Arrays.copyOf(buffer, answer.getLength()));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  /** The hello that begins a handshake: it has its cookie. */
  byte[] helloWithCookie() throws IOException {
    byte[] first = ask(RawHello.clientHello(random, new byte[0], new byte[0], 0)).orElseThrow();
    return RawHello.clientHello(random, new byte[0], RawHello.cookieIn(first).orElseThrow(), 1);
  }

  /** Begins a handshake that a gateway ends at once, and returns what it says. */
  byte[] offersNoMasterSecretExtension() throws IOException {
    byte[] first = ask(RawHello.withoutMasterSecretExtension(random, new byte[0], 0)).orElseThrow();
    byte[] cookie = RawHello.cookieIn(first).orElseThrow();
    return ask(RawHello.withoutMasterSecretExtension(random, cookie, 1)).orElseThrow();
  }

  @Override
  public void close() {
    socket.close();
  }
}
