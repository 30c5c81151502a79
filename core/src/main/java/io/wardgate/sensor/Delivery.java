// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.reading.Priority;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that empties a sensor's buffer: send, wait for the answer, and after a failure wait and
 * begin anew with a whole handshake, because the substrate cannot mend one that was corrupted.
 *
 * <p>All state is confined to the loop's one thread; other threads only hand it work.
 */
final class Delivery {

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class.getPackageName());

  private static final long CLOSE_SECONDS = 2;

  /** Above what two retransmissions take, and above what a gateway takes at most (30 s). */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

  /** A gateway may ask for patience, not for silence. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** Not now, not whole, or the gateway's own fault: the readings may yet be taken. */
  private static final Set<Status> WORTH_ANOTHER_TRY =
      EnumSet.of(
          Status.SERVICE_UNAVAILABLE,
          Status.REQUEST_ENTITY_INCOMPLETE,
          Status.INTERNAL_SERVER_ERROR);

  private final SensorTransport.Link link;
  private final ScheduledExecutorService loop;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final int bufferBytes;

  private final SendBuffer buffer;
  private boolean busy;
  private boolean closed;
  private long acknowledged;
  private long refused;
  private int failures;
  private long attempts;
  private @Nullable Reason trouble;
  private SendBuffer.@Nullable Item underWay;
  private @Nullable Future<?> wakeUp;
  private volatile @Nullable Thread loopThread;
  private volatile SensorStatus status = new SensorStatus(0, 0, 0, 0, 0, 0, Optional.empty());

  Delivery(
      SensorTransport.Link link,
      ScheduledExecutorService loop,
      Backoff backoff,
      RandomGenerator random,
      int bufferBytes) {
    this.link = link;
    this.loop = loop;
    this.backoff = backoff;
    this.random = random;
    this.bufferBytes = bufferBytes;
    this.buffer = new SendBuffer(bufferBytes);
  }

  CompletionStage<Void> submit(Priority priority, int contentFormat, byte[] payload) {
    if (payload.length == 0 || payload.length > bufferBytes) {
      throw new IllegalArgumentException("a pack is 1 to " + bufferBytes + " bytes");
    }
    SendBuffer.Item item = new SendBuffer.Item(priority, contentFormat, payload);
    if (!onLoop(() -> take(item))) {
      item.delivered().completeExceptionally(closedException());
    }
    return item.delivered();
  }

  CompletionStage<Response> request(Method method, String path, int contentFormat, byte[] payload) {
    return link.send(method, path, contentFormat, payload)
        .whenComplete(
            (response, failure) -> {
              // The gateway may have forgotten the session; only a handshake finds that out.
              if (failure != null) {
                var unused = onLoop(this::startOver);
              }
            });
  }

  private void startOver() {
    if (!closed) {
      link.startOver();
    }
  }

  SensorStatus status() {
    return status;
  }

  void close() {
    if (Thread.currentThread() == loopThread) {
      // Closed from a stage's own callback: nobody else would run what is handed to the loop now.
      end();
      loop.shutdown();
    } else if (onLoop(this::end)) {
      loop.shutdown();
      try {
        if (!loop.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          loop.shutdownNow();
        }
      } catch (InterruptedException e) {
        loop.shutdownNow();
        Thread.currentThread().interrupt();
      }
      // Again, for a loop that never came to it.
      link.close();
    }
  }

  private void take(SendBuffer.Item item) {
    if (closed) {
      item.delivered().completeExceptionally(closedException());
      return;
    }
    buffer.add(item);
    sendNext();
    publish();
  }

  private void sendNext() {
    if (busy || closed) {
      return;
    }
    buffer
        .next()
        .ifPresent(
            item -> {
              busy = true;
              underWay = item;
              long attempt = ++attempts;
              // Once a gateway has promised an answer and then dies, nothing else ends the wait.
              wakeUp =
                  loop.schedule(
                      () -> answered(attempt, item, null, null),
                      ANSWER_WITHIN.toMillis(),
                      TimeUnit.MILLISECONDS);
              attempt(item)
                  .whenComplete(
                      (response, failure) -> {
                        if (!onLoop(() -> answered(attempt, item, response, failure))) {
                          item.delivered().completeExceptionally(closedException());
                        }
                      });
            });
  }

  /** A link that throws instead of failing its stage must not stop the loop. */
  private CompletionStage<Response> attempt(SendBuffer.Item item) {
    try {
      return link.send(
          Method.POST, SensorClient.READINGS_PATH, item.contentFormat(), item.payload());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void answered(
      long attempt,
      SendBuffer.Item item,
      @Nullable Response response,
      @Nullable Throwable failure) {
    if (closed || attempt != attempts || underWay == null) {
      return;
    }
    busy = false;
    underWay = null;
    if (wakeUp != null) {
      wakeUp.cancel(false);
    }
    if (response == null) {
      failed(item, reasonOf(failure), Duration.ZERO);
      link.startOver();
    } else if (response.status().isSuccess()) {
      acknowledged++;
      failures = 0;
      trouble = null;
      item.delivered().complete(null);
      sendNext();
    } else if (WORTH_ANOTHER_TRY.contains(response.status())) {
      Duration asked = response.maxAge().orElse(Duration.ZERO);
      failed(item, Reason.OVERLOADED, asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked);
    } else {
      // The link works: the next failure is the first in a row again.
      refused++;
      failures = 0;
      trouble = Reason.REFUSED_BY_GATEWAY;
      item.delivered()
          .completeExceptionally(
              new WardgateException(Reason.REFUSED_BY_GATEWAY, "answered " + response.status()));
      sendNext();
    }
    publish();
  }

  /** Puts the item back and waits, at least as long as the gateway asked for. */
  private void failed(SendBuffer.Item item, Reason reason, Duration atLeast) {
    failures++;
    trouble = reason;
    buffer.putBack(item);
    busy = true;
    Duration wait = atLeast.plus(backoff.after(failures, random));
    LOG.debug("attempt failed: {}; next in {} ms", reason, wait.toMillis());
    wakeUp = loop.schedule(this::tryAgain, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tryAgain() {
    busy = false;
    sendNext();
    publish();
  }

  private void end() {
    if (closed) {
      return;
    }
    closed = true;
    if (wakeUp != null) {
      wakeUp.cancel(false);
    }
    link.close();
    if (underWay != null) {
      underWay.delivered().completeExceptionally(closedException());
    }
    for (Optional<SendBuffer.Item> item = buffer.next(); item.isPresent(); item = buffer.next()) {
      item.get().delivered().completeExceptionally(closedException());
    }
    publish();
  }

  private void publish() {
    status =
        new SensorStatus(
            acknowledged,
            buffer.size(),
            buffer.bytes(),
            buffer.shed(),
            refused,
            failures,
            Optional.ofNullable(trouble));
  }

  private boolean onLoop(Runnable work) {
    try {
      loop.execute(
          () -> {
            loopThread = Thread.currentThread();
            work.run();
          });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private static Reason reasonOf(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof WardgateException refusal
        ? refusal.reason()
        : Reason.TRANSPORT_UNAVAILABLE;
  }

  private static WardgateException closedException() {
    return new WardgateException(Reason.CLOSED, "the sensor client was closed");
  }
}
