// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.reading.Priority;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a sensor has measured and not yet handed over, bounded in bytes.
 *
 * <p>Leaves by priority, and in order within one. When there is no room, the oldest of the least
 * important kind goes first, and nothing goes for something less important than itself: an alarm is
 * shed only for a newer alarm, and nothing goes for what would not fit even then. Not thread-safe;
 * confined to the client's one thread.
 */
final class SendBuffer {

  /** One pack of readings on its way, and the stage that waits for its delivery. */
  static final class Item {

    private final Priority priority;
    private final int contentFormat;
    private final byte[] payload;
    private final CompletableFuture<Void> delivered = new CompletableFuture<>();

    Item(Priority priority, int contentFormat, byte[] payload) {
      this.priority = priority;
      this.contentFormat = contentFormat;
      this.payload = payload.clone();
    }

    Priority priority() {
      return priority;
    }

    int contentFormat() {
      return contentFormat;
    }

    /** The array itself: it stays within this package. */
    byte[] payload() {
      return payload;
    }

    CompletableFuture<Void> delivered() {
      return delivered;
    }
  }

  private final int maxBytes;
  private final Map<Priority, Deque<Item>> waiting = new EnumMap<>(Priority.class);
  private int bytes;
  private long shed;

  SendBuffer(int maxBytes) {
    this.maxBytes = maxBytes;
    for (Priority priority : Priority.values()) {
      waiting.put(priority, new ArrayDeque<>());
    }
  }

  /** Takes {@code item}, shedding what must go; what is shed, perhaps itself, is told so. */
  void add(Item item) {
    if (bytesAbove(item.priority()) + item.payload().length > maxBytes) {
      tellShed(item);
      return;
    }
    while (bytes + item.payload().length > maxBytes) {
      Item least = leastImportant().orElseThrow();
      queue(least.priority()).removeFirst();
      bytes -= least.payload().length;
      tellShed(least);
    }
    queue(item.priority()).addLast(item);
    bytes += item.payload().length;
  }

  /** Takes out what should be sent next. While it is out it is not counted and not shed. */
  Optional<Item> next() {
    for (Priority priority : Priority.values()) {
      Item item = queue(priority).pollFirst();
      if (item != null) {
        bytes -= item.payload().length;
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  /** Puts back, at the front, what could not be sent; it may be more than fits until it goes. */
  void putBack(Item item) {
    queue(item.priority()).addFirst(item);
    bytes += item.payload().length;
  }

  int bytes() {
    return bytes;
  }

  int size() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  long shed() {
    return shed;
  }

  /** How much is held by what may not go for something of this priority. */
  private int bytesAbove(Priority priority) {
    return waiting.entrySet().stream()
        .filter(held -> held.getKey().compareTo(priority) < 0)
        .flatMap(held -> held.getValue().stream())
        .mapToInt(item -> item.payload().length)
        .sum();
  }

  private Optional<Item> leastImportant() {
    return Arrays.stream(Priority.values())
        .map(priority -> queue(priority).peekFirst())
        .filter(Objects::nonNull)
        .reduce((more, less) -> less);
  }

  private Deque<Item> queue(Priority priority) {
    return waiting.computeIfAbsent(priority, p -> new ArrayDeque<>());
  }

  private void tellShed(Item item) {
    shed++;
    item.delivered()
        .completeExceptionally(
            new WardgateException(
                Reason.BUFFER_SHED,
                "a " + item.priority() + " of " + item.payload().length + " bytes"));
  }
}
