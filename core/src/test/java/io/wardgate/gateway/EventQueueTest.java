// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.audit.SecurityEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener for security events can be slow or broken; nobody waits for it and nothing grows. */
@Timeout(60)
class EventQueueTest {

  private static final int CAPACITY = 1024;

  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  @Test
  void tellsInOrderAndAllThatIsQueuedWhenItCloses() {
    EventQueue queue = queue(event -> heard.add(event.source()));
    for (int i = 0; i < 1000; i++) {
      queue.tell(event(i));
    }
    queue.close();
    assertThat(heard)
        .containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj(i -> "" + i).toList());
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void keepsTheFirstEventsOfAFloodAndCountsTheRest() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Consumer<SecurityEvent> slow =
        event -> {
          heard.add(event.source());
          busy.countDown();
          await(released);
        };
    EventQueue queue = queue(slow);
    queue.tell(event(0));
    await(busy);
    for (int i = 1; i <= CAPACITY + 500; i++) {
      queue.tell(event(i));
    }
    assertThat(queue.dropped()).isEqualTo(500);
    released.countDown();
    queue.close();
    assertThat(heard).hasSize(CAPACITY + 1);
    assertThat(heard.get(CAPACITY)).isEqualTo("" + CAPACITY);
  }

  @Test
  void whatAStuckListenerMissesIsRecordedAndBeforeItHears() throws Exception {
    List<String> recorded = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    EventQueue queue =
        new EventQueue(
            event -> recorded.add(event.source()),
            event -> {
              assertThat(recorded).contains(event.source());
              heard.add(event.source());
              busy.countDown();
              await(released);
            });
    queue.tell(event(0));
    await(busy);
    for (int i = 1; i <= CAPACITY + 500; i++) {
      queue.tell(event(i));
    }
    assertThat(recorded).hasSize(CAPACITY + 501);
    released.countDown();
    queue.close();
    assertThat(heard).hasSize(CAPACITY + 1);
  }

  @Test
  void aListenerThatThrowsHearsTheNextEvent() {
    EventQueue queue =
        queue(
            event -> {
              heard.add(event.source());
              if (event.source().equals("0")) {
                throw new IllegalStateException("as the test wants it");
              }
              throw new AssertionError("as the test wants it");
            });
    for (int i = 0; i < 3; i++) {
      queue.tell(event(i));
    }
    queue.close();
    assertThat(heard).containsExactly("0", "1", "2");
  }

  @Test
  void listensOnAThreadOfItsOwnThatEndsWithIt() {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    EventQueue queue = queue(event -> threads.add(Thread.currentThread()));
    queue.tell(event(0));
    queue.close();
    queue.close();
    assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
    assertThat(threads.get(0).isAlive()).isFalse();
  }

  @Test
  void tellingAfterTheEndHarmsNobody() {
    EventQueue queue = queue(event -> heard.add(event.source()));
    queue.close();
    for (int i = 0; i < 2 * CAPACITY; i++) {
      queue.tell(event(i));
    }
    assertThat(heard).isEmpty();
    assertThat(queue.dropped()).isPositive();
  }

  private static EventQueue queue(Consumer<SecurityEvent> listener) {
    return new EventQueue(event -> {}, listener);
  }

  private static SecurityEvent event(int number) {
    return SecurityEvent.info(Instant.EPOCH, "test", null, "" + number);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
