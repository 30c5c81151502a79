// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.fixtures.Provision;
import io.wardgate.reading.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What leaves a full buffer first, and what never leaves it for something else. */
class SendBufferTest {

  private final SendBuffer buffer = new SendBuffer(100);

  @Test
  void leavesByPriorityAndInOrderWithinOne() {
    List<SendBuffer.Item> added = new ArrayList<>();
    for (Priority priority :
        List.of(
            Priority.LOG,
            Priority.VITAL,
            Priority.WAVEFORM,
            Priority.ALARM,
            Priority.VITAL,
            Priority.ALARM)) {
      added.add(add(priority, 10));
    }
    assertThat(drained())
        .containsExactly(
            added.get(3), added.get(5), added.get(1), added.get(4), added.get(2), added.get(0));
    assertThat(buffer.bytes()).isZero();
  }

  @Test
  void shedsTheOldestOfTheLeastImportantKind() {
    SendBuffer.Item oldLog = add(Priority.LOG, 30);
    SendBuffer.Item log = add(Priority.LOG, 30);
    SendBuffer.Item vital = add(Priority.VITAL, 30);
    SendBuffer.Item wave = add(Priority.WAVEFORM, 30);
    assertThat(isShed(oldLog)).isTrue();
    assertThat(drained()).containsExactly(vital, wave, log);
    assertThat(buffer.shed()).isEqualTo(1);
  }

  @Test
  void shedsOneOfAKindForANewerOneOfItsKind() {
    SendBuffer.Item first = add(Priority.VITAL, 60);
    SendBuffer.Item second = add(Priority.VITAL, 60);
    assertThat(isShed(first)).isTrue();
    assertThat(drained()).containsExactly(second);
  }

  @Test
  void nothingIsShedForSomethingLessImportant() {
    SendBuffer.Item vital = add(Priority.VITAL, 60);
    SendBuffer.Item wave = add(Priority.WAVEFORM, 60);
    assertThat(isShed(wave)).isTrue();
    assertThat(isShed(vital)).isFalse();
    assertThat(drained()).containsExactly(vital);
  }

  @Test
  void nothingIsShedForWhatWouldNotFitEvenThen() {
    SendBuffer.Item alarm = add(Priority.ALARM, 60);
    SendBuffer.Item log = add(Priority.LOG, 30);
    SendBuffer.Item vital = add(Priority.VITAL, 50);
    assertThat(isShed(vital)).isTrue();
    assertThat(drained()).containsExactly(alarm, log);
    assertThat(buffer.shed()).isEqualTo(1);
  }

  @Test
  void anAlarmShedsAsManyLessImportantAsItNeeds() {
    List<SendBuffer.Item> waves = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      waves.add(add(Priority.WAVEFORM, 10));
    }
    SendBuffer.Item alarm = add(Priority.ALARM, 95);
    assertThat(waves).allMatch(SendBufferTest::isShed);
    assertThat(drained()).containsExactly(alarm);
  }

  @Test
  void whatCouldNotBeSentGoesBackToTheFront() {
    SendBuffer.Item first = add(Priority.VITAL, 40);
    SendBuffer.Item second = add(Priority.VITAL, 40);
    assertThat(buffer.next()).contains(first);
    assertThat(buffer.bytes()).isEqualTo(40);
    buffer.putBack(first);
    assertThat(drained()).containsExactly(first, second);
  }

  @Test
  void whatGoesBackToAFullBufferIsKeptUntilSomethingMustGo() {
    SendBuffer.Item first = add(Priority.VITAL, 100);
    assertThat(buffer.next()).contains(first);
    SendBuffer.Item second = add(Priority.VITAL, 100);
    buffer.putBack(first);
    assertThat(buffer.bytes()).isEqualTo(200);
    SendBuffer.Item third = add(Priority.VITAL, 1);
    assertThat(isShed(first)).isTrue();
    assertThat(isShed(second)).isTrue();
    assertThat(drained()).containsExactly(third);
  }

  @Test
  void aFullBufferOfAlarmsTakesNothingLess() {
    SendBuffer.Item alarm = add(Priority.ALARM, 100);
    for (Priority less : List.of(Priority.VITAL, Priority.WAVEFORM, Priority.LOG)) {
      assertThat(isShed(add(less, 1))).isTrue();
    }
    assertThat(isShed(alarm)).isFalse();
  }

  @Test
  @Provision("5.9-1")
  void keepsItsRulesOverAHundredThousandRandomSteps() {
    Random random = new Random(20261123);
    List<Priority> priorities = List.of(Priority.values());
    Map<Priority, Deque<SendBuffer.Item>> model = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      model.put(priority, new ArrayDeque<>());
    }
    Optional<SendBuffer.Item> out = Optional.empty();
    for (int step = 0; step < 100_000; step++) {
      int what = random.nextInt(10);
      if (what < 7) {
        int before = buffer.bytes();
        Priority priority = priorities.get(random.nextInt(priorities.size()));
        SendBuffer.Item item =
            add(priority, 1 + random.nextInt(random.nextInt(20) == 0 ? 100 : 15));
        model.get(priority).addLast(item);
        boolean itselfShed = isShed(item);
        for (Priority other : Priority.values()) {
          Deque<SendBuffer.Item> kept = model.get(other);
          boolean gone = kept.removeIf(SendBufferTest::isShed);
          if (gone && other != priority) {
            assertThat(other).as("only less important goes").isGreaterThan(priority);
            assertThat(itselfShed).as("nothing goes in vain").isFalse();
          }
        }
        assertThat(buffer.bytes())
            .as("only what was put back may be too much, and taking more never adds to that")
            .isLessThanOrEqualTo(itselfShed ? before : 100);
      } else if (out.isEmpty()) {
        out = buffer.next();
        Optional<SendBuffer.Item> expected =
            model.values().stream().filter(queue -> !queue.isEmpty()).findFirst().map(Deque::peek);
        assertThat(out).isEqualTo(expected);
        out.ifPresent(item -> model.get(item.priority()).removeFirst());
      } else if (what == 7) {
        buffer.putBack(out.get());
        model.get(out.get().priority()).addFirst(out.get());
        out = Optional.empty();
        assertThat(buffer.bytes()).isLessThanOrEqualTo(200);
      } else {
        out = Optional.empty();
      }
      assertThat(buffer.size()).isEqualTo(model.values().stream().mapToInt(Deque::size).sum());
      assertThat(buffer.bytes())
          .isEqualTo(
              model.values().stream()
                  .flatMap(Deque::stream)
                  .mapToInt(item -> item.payload().length)
                  .sum());
    }
    assertThat(buffer.shed()).isGreaterThan(1000);
  }

  private SendBuffer.Item add(Priority priority, int bytes) {
    SendBuffer.Item item = new SendBuffer.Item(priority, 0, new byte[bytes]);
    buffer.add(item);
    return item;
  }

  private List<SendBuffer.Item> drained() {
    List<SendBuffer.Item> items = new ArrayList<>();
    for (Optional<SendBuffer.Item> item = buffer.next(); item.isPresent(); item = buffer.next()) {
      items.add(item.get());
    }
    return items;
  }

  private static boolean isShed(SendBuffer.Item item) {
    return item.delivered().isDone() && reasonOf(item.delivered()) == Reason.BUFFER_SHED;
  }
}
