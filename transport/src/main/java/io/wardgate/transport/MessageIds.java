// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Map;
import org.eclipse.californium.core.network.MessageIdProvider;

/**
 * The ids of messages a gateway sends of its own accord (RFC 7252 section 4.4): one after the other
 * for each address, from a random one.
 *
 * <p>The substrate remembers as many addresses as it may have peers, for ten minutes, and sends
 * nothing to further ones: a device with a connection id could use them all up by itself. Here the
 * address that was used least recently makes room. Thread-safe by one lock, held for a map access.
 */
final class MessageIds implements MessageIdProvider {

  static final int ADDRESSES = 8192;

  private static final int IDS = 1 << 16;

  private final SecureRandom random;
  private final Map<InetSocketAddress, Integer> last = new Recent<>(ADDRESSES);

  MessageIds(SecureRandom random) {
    this.random = random;
  }

  @Override
  public synchronized int getNextMessageId(InetSocketAddress destination) {
    Integer before = last.get(destination);
    int next = before == null ? random.nextInt(IDS) : (before + 1) % IDS;
    last.put(destination, next);
    return next;
  }
}
