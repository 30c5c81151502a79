// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.audit.SecurityEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records security events, then carries them from protocol threads to the application on a thread
 * of its own, so that a slow listener delays nobody. Full, it drops the newest and counts: an
 * attacker who floods it must not gain memory, and the first events of an attack are the ones that
 * tell its cause. What a listener misses is recorded all the same.
 */
final class EventQueue implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class.getPackageName());
  private static final int CAPACITY = 1024;
  private static final long CLOSE_MILLIS = 2000;

  private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final LongAdder dropped = new LongAdder();
  private final Consumer<SecurityEvent> recorder;
  private final Consumer<SecurityEvent> listener;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * A queue at work.
   *
   * @param recorder is called on the thread that tells, and does not wait
   * @param listener may take its time
   */
  EventQueue(Consumer<SecurityEvent> recorder, Consumer<SecurityEvent> listener) {
    this.recorder = recorder;
    this.listener = listener;
    this.thread = new Thread(this::run, "wardgate-events");
    thread.setDaemon(true);
    thread.start();
  }

  void tell(SecurityEvent event) {
    LOG.debug("{} {} {}", event.kind(), event.source(), event.reason());
    recorder.accept(event);
    if (!queue.offer(() -> deliver(event))) {
      dropped.increment();
    }
  }

  long dropped() {
    return dropped.sum();
  }

  /** Delivers what is queued, for at most two seconds. */
  @Override
  public void close() {
    closing = true;
    // Wakes the thread if it waits on an empty queue; on a full one it is awake anyway.
    var unused = queue.offer(() -> {});
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing || !queue.isEmpty()) {
        queue.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver(SecurityEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException | Error e) {
      // Also errors: a trail that ends in silence would be the attacker's best friend.
      LOG.warn("the listener for security events failed", e);
    }
  }
}
