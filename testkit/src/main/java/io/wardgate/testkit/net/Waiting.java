// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The datagrams under way, each with the moment it is due; bounded, and without a clock or a
 * socket.
 *
 * <p>Equal moments leave in the order they came. An overtaken datagram leaves right behind the next
 * one of its client and direction, or when {@link #OVERTAKEN_AT_MOST} has passed without one.
 *
 * @param <C> a client
 */
final class Waiting<C> {

  /** Datagrams under way in both directions together; each holds up to 64 KB. */
  static final int MOST = 2_048;

  /** Shorter than any first retransmission, so that waiting for a successor looks like no loss. */
  static final Duration OVERTAKEN_AT_MOST = Duration.ofMillis(100);

  /** One datagram under way. */
  record Datagram<C>(C client, Direction direction, ByteBuffer payload, Instant due, long order) {

    Datagram<C> moved(Instant newDue, long newOrder) {
      return new Datagram<>(client, direction, payload, newDue, newOrder);
    }
  }

  private final PriorityQueue<Datagram<C>> queue =
      new PriorityQueue<>(
          (a, b) -> {
            int byMoment = a.due().compareTo(b.due());
            return byMoment != 0 ? byMoment : Long.compare(a.order(), b.order());
          });
  private final Map<Direction, Map<C, Datagram<C>>> overtaken = new EnumMap<>(Direction.class);
  private long order;

  /** Takes a datagram in; false if there is no room. */
  boolean add(C client, Direction direction, ByteBuffer payload, Instant due) {
    if (queue.size() >= MOST) {
      return false;
    }
    queue.add(new Datagram<>(client, direction, payload, due, order++));
    Datagram<C> behind = heldIn(direction).remove(client);
    if (behind != null) {
      queue.remove(behind);
      queue.add(behind.moved(due, order++));
    }
    return true;
  }

  /** Takes in a datagram that its successor overtakes; false if there is no room. */
  boolean addOvertaken(C client, Direction direction, ByteBuffer payload, Instant now) {
    if (heldIn(direction).containsKey(client)) {
      // It is itself the successor that another one waits for.
      return add(client, direction, payload, now);
    }
    if (queue.size() >= MOST) {
      return false;
    }
    Datagram<C> held =
        new Datagram<>(client, direction, payload, now.plus(OVERTAKEN_AT_MOST), order++);
    queue.add(held);
    heldIn(direction).put(client, held);
    return true;
  }

  /** Takes out the next datagram that is due by now. */
  Optional<Datagram<C>> takeDue(Instant now) {
    Datagram<C> first = queue.peek();
    if (first == null || first.due().isAfter(now)) {
      return Optional.empty();
    }
    queue.remove();
    heldIn(first.direction()).remove(first.client(), first);
    return Optional.of(first);
  }

  /** Takes out the next datagram, due or not. */
  Optional<Datagram<C>> takeAny() {
    return takeDue(Instant.MAX);
  }

  /** When the next datagram is due. */
  Optional<Instant> nextDue() {
    return Optional.ofNullable(queue.peek()).map(Datagram::due);
  }

  private Map<C, Datagram<C>> heldIn(Direction direction) {
    return overtaken.computeIfAbsent(direction, unused -> new HashMap<>());
  }
}
