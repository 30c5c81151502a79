// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Where a peer is, as limits tell peers apart: an IPv4 address, or an IPv6 /64, of which whoever
 * has one address has all. Ports and the devices behind one NAT are not told apart.
 *
 * @param prefix the address, or the /64
 * @param isIpv6 which of the two it is
 */
record Source(long prefix, boolean isIpv6) {

  private static final int IPV4_BYTES = 4;

  static Source of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      return new Source(0, false);
    }
    byte[] bytes = ip.getAddress();
    return bytes.length == IPV4_BYTES
        ? new Source(ByteBuffer.wrap(bytes).getInt(), false)
        : new Source(ByteBuffer.wrap(bytes).getLong(), true);
  }
}
