// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitingTest {

  private static final Instant NOW = Instant.EPOCH;
  private static final Direction WAY = Direction.TO_TARGET;

  private final Waiting<String> waiting = new Waiting<>();

  @Test
  void leavesWhenDueAndNotBefore() {
    waiting.add("a", WAY, payload(1), NOW.plusMillis(10));
    assertThat(waiting.takeDue(NOW.plusMillis(9))).isEmpty();
    assertThat(waiting.nextDue()).contains(NOW.plusMillis(10));
    assertThat(taken(NOW.plusMillis(10))).contains(1);
    assertThat(waiting.nextDue()).isEmpty();
  }

  @Test
  void equalMomentsLeaveInTheOrderTheyCame() {
    for (int i = 0; i < 20; i++) {
      waiting.add("a", WAY, payload(i), NOW);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(taken(NOW)).contains(i);
    }
  }

  @Test
  void anOvertakenDatagramLeavesRightBehindItsSuccessor() {
    waiting.addOvertaken("a", WAY, payload(1), NOW);
    assertThat(taken(NOW)).isEmpty();
    waiting.add("a", WAY, payload(2), NOW);
    waiting.add("a", WAY, payload(3), NOW);
    assertThat(taken(NOW)).contains(2);
    assertThat(taken(NOW)).contains(1);
    assertThat(taken(NOW)).contains(3);
    assertThat(waiting.takeAny()).isEmpty();
  }

  @Test
  void anotherClientOrDirectionIsNoSuccessor() {
    waiting.addOvertaken("a", WAY, payload(1), NOW);
    waiting.add("b", WAY, payload(2), NOW);
    waiting.add("a", Direction.TO_CLIENT, payload(3), NOW);
    assertThat(taken(NOW)).contains(2);
    assertThat(taken(NOW)).contains(3);
    assertThat(taken(NOW)).isEmpty();
  }

  @Test
  void withoutASuccessorAnOvertakenDatagramLeavesAnyway() {
    waiting.addOvertaken("a", WAY, payload(1), NOW);
    assertThat(taken(NOW.plus(Waiting.OVERTAKEN_AT_MOST))).contains(1);
    waiting.add("a", WAY, payload(2), NOW);
    assertThat(taken(NOW)).contains(2);
    assertThat(waiting.takeAny()).isEmpty();
  }

  @Test
  void theSuccessorOfAnOvertakenDatagramIsNotOvertakenItself() {
    waiting.addOvertaken("a", WAY, payload(1), NOW);
    waiting.addOvertaken("a", WAY, payload(2), NOW);
    assertThat(taken(NOW)).contains(2);
    assertThat(taken(NOW)).contains(1);
  }

  @Test
  void refusesMoreThanItsBound() {
    for (int i = 0; i < Waiting.MOST; i++) {
      assertThat(waiting.add("a", WAY, payload(i), NOW)).isTrue();
    }
    assertThat(waiting.add("a", WAY, payload(0), NOW)).isFalse();
    assertThat(waiting.addOvertaken("a", WAY, payload(0), NOW)).isFalse();
    waiting.takeAny();
    assertThat(waiting.add("a", WAY, payload(0), NOW)).isTrue();
  }

  private Optional<Integer> taken(Instant now) {
    return waiting.takeDue(now).map(datagram -> datagram.payload().getInt());
  }

  private static ByteBuffer payload(int number) {
    return ByteBuffer.allocate(4).putInt(number).flip();
  }
}
