// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What waits to be written, bounded in number and bytes; whoever finds no room is told at once.
 *
 * <p>The less important a record, the less of the room it may take: what remains is kept for what
 * matters more. Within a journal order is the order of arrival. Thread-safe.
 */
final class Appends {

  /** Eighths of the room that records of each priority may fill. */
  private static final int[] SHARE = {8, 7, 6, 4};

  /** More than this in one group would let the first wait for the last. */
  private static final int GROUP_BYTES = 1 << 20;

  /** The last to come into a group may be a large one. */
  static final int MAX_GROUP_BYTES =
      GROUP_BYTES + JournalLimits.MAX_PAYLOAD_BYTES + RecordCipher.OVERHEAD_BYTES;

  private final int maxRecords;
  private final long maxBytes;
  private final Deque<Append> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  Appends(JournalLimits limits) {
    this.maxRecords = limits.queuedRecords();
    this.maxBytes = limits.queuedBytes();
  }

  /**
   * One record on its way.
   *
   * @param type as appended
   * @param priority as appended
   * @param millis when
   * @param payload as appended
   * @param done told its sequence number, or why not
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Append(
      int type, int priority, long millis, byte[] payload, CompletableFuture<Long> done) {}

  /** Lets it in, or fails its stage. */
  synchronized boolean offer(Append append) {
    int share = SHARE[append.priority()];
    boolean room =
        8L * (waiting.size() + 1) <= (long) share * maxRecords
            && 8 * (bytes + append.payload().length) <= share * maxBytes;
    if (closed || !room) {
      append
          .done()
          .completeExceptionally(
              closed
                  ? new WardgateException(Reason.CLOSED, "the journal is closed")
                  : new WardgateException(Reason.OVERLOADED, "too much waits for the disk"));
      return false;
    }
    waiting.add(append);
    bytes += append.payload().length;
    notifyAll();
    return true;
  }

  /** The next group, waited for; empty once closed and drained. */
  synchronized List<Append> take() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    List<Append> group = new ArrayList<>();
    long size = 0;
    while (!waiting.isEmpty() && (group.isEmpty() || size < GROUP_BYTES)) {
      Append next = waiting.remove();
      size += next.payload().length + RecordCipher.OVERHEAD_BYTES;
      bytes -= next.payload().length;
      group.add(next);
    }
    return group;
  }

  synchronized int count() {
    return waiting.size();
  }

  /** Lets nothing more in, and fails what nobody will write any more. */
  void abandon() {
    List<Append> left;
    synchronized (this) {
      close();
      left = List.copyOf(waiting);
      waiting.clear();
      bytes = 0;
    }
    WardgateException failure = new WardgateException(Reason.CLOSED, "the journal is closed");
    left.forEach(append -> append.done().completeExceptionally(failure));
  }

  /** Lets nothing more in. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
