// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Provision;
import io.wardgate.reading.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How a sensor hands over what it measured, through failures, refusals and its own end. */
class DeliveryTest {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(8);

  private final HandDrivenLoop loop = new HandDrivenLoop();
  private final FakeLink link = new FakeLink();
  private final Delivery delivery =
      new Delivery(link, loop, new Backoff(FIRST, LONGEST), new Random(3), 100);

  @Test
  void sendsOneAtATimeByPriorityAndInOrder() {
    submit(Priority.LOG, "log");
    submit(Priority.VITAL, "vital-1");
    submit(Priority.VITAL, "vital-2");
    submit(Priority.ALARM, "alarm");
    loop.run();
    assertThat(link.sent).as("what came first is on its way").hasSize(1);
    for (int i = 1; i < 4; i++) {
      acknowledge();
      assertThat(link.sent).hasSize(i + 1);
    }
    assertThat(link.sent)
        .containsExactly(
            "POST /vitals 110 log",
            "POST /vitals 110 alarm",
            "POST /vitals 110 vital-1",
            "POST /vitals 110 vital-2");
  }

  @Test
  @Provision("5.9-1")
  void startsOverWhenAPromisedAnswerNeverComes() {
    CompletionStage<Void> stage = submit(Priority.VITAL, "a");
    loop.run();
    loop.pass(Duration.ofSeconds(60));
    assertThat(link.startedOver).isOne();
    loop.pass(LONGEST);
    assertThat(link.sent).hasSize(2);
    acknowledge();
    assertThat(stage).isCompleted();
  }

  @Test
  void keepsWhatTheGatewayCouldNotPutTogether() {
    CompletionStage<Void> stage = submit(Priority.VITAL, "a");
    loop.run();
    answer(Response.of(Status.REQUEST_ENTITY_INCOMPLETE));
    loop.pass(LONGEST);
    assertThat(link.sent).hasSize(2);
    answer(Response.of(Status.INTERNAL_SERVER_ERROR));
    assertThat(stage).isNotDone();
    loop.pass(LONGEST);
    acknowledge();
    assertThat(stage).isCompleted();
  }

  @Test
  void neverWaitsLongerThanAnHourBecauseAGatewaySaysSo() {
    submit(Priority.VITAL, "a");
    loop.run();
    answer(Response.unavailable(Duration.ofDays(40_000)));
    loop.pass(Duration.ofHours(1).plus(LONGEST));
    assertThat(link.sent).hasSize(2);
  }

  @Test
  void aStageCompletesWithTheAcknowledgementAndNotBefore() {
    CompletionStage<Void> stage = submit(Priority.VITAL, "a");
    loop.run();
    assertThat(stage).isNotDone();
    acknowledge();
    assertThat(stage).isCompleted();
    assertThat(delivery.status()).isEqualTo(new SensorStatus(1, 0, 0, 0, 0, 0, Optional.empty()));
  }

  @Test
  @Provision("5.9-1")
  void triesAgainWithAWholeHandshakeUntilItIsTaken() {
    CompletionStage<Void> stage = submit(Priority.VITAL, "a");
    submit(Priority.VITAL, "b");
    loop.run();
    for (int failures = 1; failures <= 10; failures++) {
      fail(new WardgateException(Reason.HANDSHAKE_FAILED, "as the test wants it"));
      assertThat(link.startedOver).isEqualTo(failures);
      assertThat(link.sent).hasSize(failures);
      assertThat(delivery.status())
          .isEqualTo(
              new SensorStatus(0, 2, 2, 0, 0, failures, Optional.of(Reason.HANDSHAKE_FAILED)));
      loop.pass(LONGEST);
      assertThat(link.sent).hasSize(failures + 1).allMatch(sent -> sent.endsWith(" a"));
    }
    assertThat(stage).isNotDone();
    acknowledge();
    assertThat(stage).isCompleted();
    assertThat(link.sent.get(link.sent.size() - 1)).endsWith(" b");
    assertThat(delivery.status()).isEqualTo(new SensorStatus(1, 0, 0, 0, 0, 0, Optional.empty()));
  }

  @Test
  @Provision("5.9-3")
  void waitsLongerWithEachFailureAndSendsNothingMeanwhile() {
    submit(Priority.VITAL, "a");
    loop.run();
    long[] steps = {1000, 2000, 4000, 8000, 8000};
    for (int i = 0; i < steps.length; i++) {
      fail(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
      Duration wait = loop.nextIn().orElseThrow();
      assertThat(wait.toMillis()).isBetween(steps[i] / 2, steps[i]);
      submit(Priority.LOG, "l");
      loop.pass(wait.minusMillis(1));
      assertThat(link.sent).hasSize(i + 1);
      loop.pass(Duration.ofMillis(1));
      assertThat(link.sent).hasSize(i + 2);
    }
  }

  @Test
  void anAlarmRaisedWhileItWaitsGoesFirst() {
    submit(Priority.VITAL, "a");
    loop.run();
    fail(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    submit(Priority.ALARM, "!");
    loop.pass(LONGEST);
    assertThat(link.sent.get(1)).endsWith(" !");
    acknowledge();
    assertThat(link.sent.get(2)).endsWith(" a");
  }

  @Test
  @Provision("5.9-3")
  void waitsAtLeastAsLongAsTheGatewayAskedFor() {
    CompletionStage<Void> stage = submit(Priority.VITAL, "a");
    loop.run();
    answer(Response.unavailable(Duration.ofSeconds(30)));
    assertThat(loop.nextIn().orElseThrow())
        .isBetween(Duration.ofSeconds(30), FIRST.plusSeconds(30));
    assertThat(link.startedOver).as("the session is sound").isZero();
    assertThat(delivery.status().trouble()).contains(Reason.OVERLOADED);
    loop.pass(Duration.ofSeconds(29));
    assertThat(link.sent).hasSize(1);
    loop.pass(Duration.ofSeconds(2));
    assertThat(link.sent).hasSize(2);
    acknowledge();
    assertThat(stage).isCompleted();
  }

  @Test
  void whatTheGatewayDoesNotTakeFailsAndTheRestGoesOn() {
    CompletionStage<Void> bad = submit(Priority.VITAL, "bad");
    CompletionStage<Void> good = submit(Priority.VITAL, "good");
    loop.run();
    answer(Response.of(Status.BAD_REQUEST));
    assertThat(reasonOf(bad)).isEqualTo(Reason.REFUSED_BY_GATEWAY);
    assertThat(delivery.status().refused()).isEqualTo(1);
    assertThat(delivery.status().trouble()).contains(Reason.REFUSED_BY_GATEWAY);
    acknowledge();
    assertThat(good).isCompleted();
    assertThat(delivery.status().trouble()).isEmpty();
  }

  @Test
  void aRefusalShowsThatTheLinkWorksAgain() {
    submit(Priority.VITAL, "a");
    loop.run();
    for (int i = 0; i < 5; i++) {
      fail(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
      loop.pass(LONGEST);
    }
    answer(Response.of(Status.BAD_REQUEST));
    assertThat(delivery.status().failures()).isZero();
    submit(Priority.VITAL, "b");
    loop.run();
    fail(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    assertThat(loop.nextIn().orElseThrow()).isLessThanOrEqualTo(FIRST);
  }

  @Test
  void aLinkThatThrowsIsAFailureLikeAnother() {
    CompletionStage<Void> stage = submit(Priority.VITAL, "a");
    link.throwsInstead = true;
    loop.run();
    assertThat(delivery.status().failures()).isEqualTo(1);
    assertThat(delivery.status().trouble()).contains(Reason.TRANSPORT_UNAVAILABLE);
    link.throwsInstead = false;
    loop.pass(LONGEST);
    acknowledge();
    assertThat(stage).isCompleted();
  }

  @Test
  void theReasonOfAFailureIsFoundInsideWhatWrapsIt() {
    submit(Priority.VITAL, "a");
    loop.run();
    fail(
        new CompletionException(
            new WardgateException(Reason.GATEWAY_NAME_MISMATCH, "as the test wants it")));
    assertThat(delivery.status().trouble()).contains(Reason.GATEWAY_NAME_MISMATCH);
  }

  @Test
  void closingFailsWhatWaitsAndWhatIsUnderWay() {
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      stages.add(submit(Priority.VITAL, "" + i));
    }
    loop.run();
    delivery.close();
    assertThat(stages).allMatch(stage -> reasonOf(stage) == Reason.CLOSED);
    assertThat(link.closed).isPositive();
    assertThat(loop.isShutdown()).isTrue();
    link.lastAnswer().complete(Response.of(Status.CHANGED));
    assertThat(link.sent).as("nothing more is sent").hasSize(1);
    delivery.close();
    assertThat(delivery.status().waiting()).isZero();
  }

  @Test
  void closingEndsTheWaitAfterAFailure() {
    CompletionStage<Void> stage = submit(Priority.VITAL, "a");
    loop.run();
    fail(new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    delivery.close();
    assertThat(reasonOf(stage)).isEqualTo(Reason.CLOSED);
    assertThat(loop.nextIn()).isEmpty();
  }

  @Test
  void whatIsSubmittedAfterTheEndFailsAtOnce() {
    delivery.close();
    assertThat(reasonOf(submit(Priority.ALARM, "!"))).isEqualTo(Reason.CLOSED);
    assertThat(link.sent).isEmpty();
  }

  @Test
  void mayBeClosedByWhoWaitedForADelivery() {
    CompletionStage<Void> first = submit(Priority.VITAL, "a");
    CompletionStage<Void> second = submit(Priority.VITAL, "b");
    CompletionStage<Void> closing = first.thenRun(delivery::close);
    loop.run();
    acknowledge();
    assertThat(closing).isCompleted();
    assertThat(reasonOf(second)).isEqualTo(Reason.CLOSED);
    assertThat(link.closed).isPositive();
  }

  @Test
  void tellsWhatIsShedAndCountsIt() {
    submit(Priority.VITAL, "under way");
    loop.run();
    CompletionStage<Void> old = submit(Priority.LOG, "x".repeat(60));
    submit(Priority.LOG, "y".repeat(60));
    loop.run();
    assertThat(reasonOf(old)).isEqualTo(Reason.BUFFER_SHED);
    assertThat(delivery.status()).isEqualTo(new SensorStatus(0, 1, 60, 1, 0, 0, Optional.empty()));
  }

  @Test
  void refusesAPackThatIsEmptyOrNeverFits() {
    assertThatIllegalArgumentException().isThrownBy(() -> submit(Priority.ALARM, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> submit(Priority.ALARM, "x".repeat(101)));
  }

  private CompletionStage<Void> submit(Priority priority, String text) {
    return delivery.submit(priority, 110, text.getBytes(StandardCharsets.UTF_8));
  }

  private void acknowledge() {
    answer(Response.of(Status.CHANGED));
  }

  private void answer(Response response) {
    assertThat(link.lastAnswer().complete(response)).isTrue();
    loop.run();
  }

  private void fail(Throwable failure) {
    assertThat(link.lastAnswer().completeExceptionally(failure)).isTrue();
    loop.run();
  }
}
