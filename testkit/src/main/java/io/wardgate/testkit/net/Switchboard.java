// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sockets of an {@link ImpairmentProxy} and what passes between them; used by the proxy's own
 * thread only, but for {@link #wakeUp()} and {@link #address()}.
 */
final class Switchboard {

  /** Datagrams read before due ones are sent and other sockets get their turn. */
  private static final int READS_IN_A_TURN = 64;

  private static final int LARGEST_DATAGRAM = 65_535;

  /** One who talks through the proxy, and the socket that speaks for it. */
  private static final class Client {
    private final SocketAddress address;
    private DatagramChannel upstream;

    private Client(SocketAddress address, DatagramChannel upstream) {
      this.address = address;
      this.upstream = upstream;
    }
  }

  private final InetSocketAddress target;
  private final ImpairmentPlan plan;
  private final InstantSource clock;
  private final Tally tally;
  private final Sockets sockets;
  private final DatagramChannel front;
  private final InetSocketAddress address;
  private final Selector selector;

  private final Map<SocketAddress, Client> clients = new HashMap<>();
  private final Waiting<Client> waiting = new Waiting<>();
  private final Map<Direction, Long> numbers = new EnumMap<>(Direction.class);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
  private boolean cut;

  Switchboard(InetSocketAddress target, ImpairmentPlan plan, InstantSource clock, Tally tally)
      throws IOException {
    this.target = target;
    this.plan = plan;
    this.clock = clock;
    this.tally = tally;
    this.sockets = new Sockets(target);
    this.selector = Selector.open();
    try {
      this.front = sockets.front();
    } catch (IOException e) {
      selector.close();
      throw e;
    }
    front.register(selector, SelectionKey.OP_READ);
    this.address = (InetSocketAddress) front.getLocalAddress();
  }

  InetSocketAddress address() {
    return address;
  }

  void wakeUp() {
    selector.wakeup();
  }

  /**
   * Waits until a datagram arrives or is due, or for {@link #wakeUp()}, and handles what there is.
   */
  void await() throws IOException {
    // 0 means without end; a part of a millisecond must not become that.
    long millis =
        waiting
            .nextDue()
            .map(due -> Math.max(1, Duration.between(clock.instant(), due).toMillis() + 1))
            .orElse(0L);
    selector.select(millis);
    turn();
  }

  /** Handles what has arrived and what is due, without waiting; false if nothing had arrived. */
  boolean handleArrived() throws IOException {
    selector.selectNow();
    return turn() > 0;
  }

  void rebind() throws IOException {
    for (Client client : clients.values()) {
      // The new one first: a port that is still held cannot be drawn again.
      DatagramChannel fresh = upstreamOf(client);
      client.upstream.close();
      client.upstream = fresh;
    }
  }

  void cut() {
    cut = true;
    for (var dropped = waiting.takeAny(); dropped.isPresent(); dropped = waiting.takeAny()) {
      tally.add(dropped.get().direction(), Outcome.CUT);
    }
  }

  void restore() {
    cut = false;
  }

  void close() {
    clients.values().forEach(client -> closeQuietly(client.upstream));
    closeQuietly(front);
    closeQuietly(selector);
  }

  /** One round over the sockets that have something, then the datagrams that are due. */
  private int turn() {
    int read = 0;
    for (SelectionKey key : selector.selectedKeys()) {
      read +=
          key.attachment() instanceof Client client ? readFromTarget(client) : readFromClients();
    }
    selector.selectedKeys().clear();
    Instant now = clock.instant();
    for (var due = waiting.takeDue(now); due.isPresent(); due = waiting.takeDue(now)) {
      send(due.get());
    }
    return read;
  }

  private int readFromClients() {
    int read = 0;
    while (read < READS_IN_A_TURN) {
      buffer.clear();
      SocketAddress from;
      try {
        from = front.receive(buffer);
      } catch (IOException e) {
        // A client that is gone answers with an ICMP error; the others are not concerned.
        tally.add(Direction.TO_CLIENT, Outcome.UNDELIVERABLE);
        return read + 1;
      }
      if (from == null) {
        return read;
      }
      read++;
      tally.add(Direction.TO_TARGET, Outcome.RECEIVED);
      clientAt(from)
          .ifPresentOrElse(
              client -> decide(client, Direction.TO_TARGET),
              () -> tally.add(Direction.TO_TARGET, Outcome.OVERFLOWED));
    }
    return read;
  }

  private int readFromTarget(Client client) {
    int read = 0;
    while (read < READS_IN_A_TURN) {
      buffer.clear();
      SocketAddress from;
      try {
        from = client.upstream.receive(buffer);
      } catch (IOException e) {
        tally.add(Direction.TO_TARGET, Outcome.UNDELIVERABLE);
        return read + 1;
      }
      if (from == null) {
        return read;
      }
      read++;
      if (!from.equals(target)) {
        // Only the target is behind this proxy; a stranger is not even counted.
        continue;
      }
      tally.add(Direction.TO_CLIENT, Outcome.RECEIVED);
      decide(client, Direction.TO_CLIENT);
    }
    return read;
  }

  /** Lets the datagram in the buffer meet its fate. */
  private void decide(Client client, Direction direction) {
    if (cut) {
      tally.add(direction, Outcome.CUT);
      return;
    }
    ImpairmentPlan.Fate fate = plan.fate(direction, numbers.merge(direction, 1L, Long::sum) - 1);
    if (fate.lost()) {
      tally.add(direction, Outcome.LOST);
      return;
    }
    buffer.flip();
    byte[] payload = new byte[buffer.remaining()];
    buffer.get(payload);
    if (fate.flippedBit().isPresent() && payload.length > 0) {
      int bit = (int) (fate.flippedBit().getAsDouble() * payload.length * 8);
      payload[bit / 8] ^= (byte) (1 << (bit % 8));
      tally.add(direction, Outcome.CORRUPTED);
    }
    Instant now = clock.instant();
    List<Duration> delays = fate.delays();
    for (int copy = 0; copy < delays.size(); copy++) {
      boolean last = copy == delays.size() - 1;
      if (!last) {
        tally.add(direction, Outcome.DUPLICATED);
      }
      boolean room;
      if (last && fate.overtaken()) {
        tally.add(direction, Outcome.REORDERED);
        room = waiting.addOvertaken(client, direction, ByteBuffer.wrap(payload), now);
      } else {
        if (!delays.get(copy).isZero()) {
          tally.add(direction, Outcome.DELAYED);
        }
        room = waiting.add(client, direction, ByteBuffer.wrap(payload), now.plus(delays.get(copy)));
      }
      if (!room) {
        tally.add(direction, Outcome.OVERFLOWED);
      }
    }
  }

  private void send(Waiting.Datagram<Client> datagram) {
    Client client = datagram.client();
    ByteBuffer payload = datagram.payload();
    int length = payload.remaining();
    int sent;
    try {
      sent =
          switch (datagram.direction()) {
            case TO_TARGET -> client.upstream.send(payload, target);
            case TO_CLIENT -> front.send(payload, client.address);
          };
    } catch (IOException e) {
      // A target that is not there refuses; to the client that looks like loss, as on any network.
      sent = -1;
    }
    tally.add(datagram.direction(), sent == length ? Outcome.FORWARDED : Outcome.UNDELIVERABLE);
  }

  private Optional<Client> clientAt(SocketAddress from) {
    Client known = clients.get(from);
    if (known != null || clients.size() >= ImpairmentProxy.MOST_CLIENTS) {
      return Optional.ofNullable(known);
    }
    try {
      DatagramChannel upstream = sockets.upstream();
      Client client = new Client(from, upstream);
      upstream.register(selector, SelectionKey.OP_READ, client);
      clients.put(from, client);
      return Optional.of(client);
    } catch (IOException e) {
      // No descriptor left: the same to this client as no room.
      return Optional.empty();
    }
  }

  private DatagramChannel upstreamOf(Client client) throws IOException {
    DatagramChannel upstream = sockets.upstream();
    upstream.register(selector, SelectionKey.OP_READ, client);
    return upstream;
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // Nothing was kept in it, and nobody is left to tell.
    }
  }
}
