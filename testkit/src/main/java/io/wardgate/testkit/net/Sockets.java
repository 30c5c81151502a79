// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** Opens the proxy's UDP sockets, non-blocking, of the target's address family. */
final class Sockets {

  private static final byte[] IPV4_LOOPBACK = {127, 0, 0, 1};
  private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final InetSocketAddress target;
  private final Optional<InetAddress> towardsTarget;

  /** For a target on loopback every socket is on loopback; for another, only the front is. */
  Sockets(InetSocketAddress target) throws UnknownHostException {
    this.target = target;
    this.towardsTarget =
        target.getAddress().isLoopbackAddress() ? Optional.of(loopback()) : Optional.empty();
  }

  /** The socket that clients send to. */
  DatagramChannel front() throws IOException {
    return open(Optional.of(loopback()));
  }

  /**
   * A socket with a port of its own for one client.
   *
   * <p>Not connected to the target: a connected channel sends no empty datagram, and swallows a
   * good one to report that an earlier one was refused.
   */
  DatagramChannel upstream() throws IOException {
    return open(towardsTarget);
  }

  private DatagramChannel open(Optional<InetAddress> local) throws IOException {
    DatagramChannel channel =
        DatagramChannel.open(
            target.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET);
    try {
      channel.bind(local.map(host -> new InetSocketAddress(host, 0)).orElse(null));
      channel.configureBlocking(false);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(
        target.getAddress() instanceof Inet6Address ? IPV6_LOOPBACK : IPV4_LOOPBACK);
  }
}
