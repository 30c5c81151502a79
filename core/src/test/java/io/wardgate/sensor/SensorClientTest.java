// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.fixtures.TestSecret;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.identity.SensorCredential;
import io.wardgate.reading.Priority;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sensor's client as a maker sees it. */
@Timeout(60)
class SensorClientTest {

  private final FakeLink link = new FakeLink();
  private final SensorTransport transport = (credential, clock) -> link;

  @Test
  void aRequestWithoutAnAnswerBeginsTheNextWithAHandshake() throws Exception {
    SensorClient client = options((credential, clock) -> link).open();
    CompletionStage<io.wardgate.exchange.Response> stage =
        client.request(Method.POST, "/echo", 0, new byte[] {'1'});
    link.lastAnswer()
        .completeExceptionally(
            new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it"));
    assertThat(reasonOf(stage)).isEqualTo(Reason.TRANSPORT_UNAVAILABLE);
    // Ends after what was asked of it before.
    client.close();
    assertThat(link.startedOver).isEqualTo(1);
  }

  @Test
  void sendsOnAThreadOfItsOwnAndEndsIt() throws Exception {
    CompletableFuture<Thread> sender = new CompletableFuture<>();
    SensorTransport.Link telling =
        new SensorTransport.Link() {
          @Override
          public CompletionStage<io.wardgate.exchange.Response> send(
              Method method, String path, int contentFormat, byte[] payload) {
            sender.complete(Thread.currentThread());
            return link.send(method, path, contentFormat, payload);
          }

          @Override
          public void startOver() {
            link.startOver();
          }

          @Override
          public void close() {
            link.close();
          }
        };
    SensorClient client = options((credential, clock) -> telling).open();
    CompletionStage<Void> stage = client.submit(Priority.VITAL, 110, new byte[] {'1'});
    Thread thread = sender.get();
    assertThat(thread).isNotEqualTo(Thread.currentThread());
    client.close();
    client.close();
    assertThat(reasonOf(stage)).isEqualTo(Reason.CLOSED);
    // The pool says that it has ended a moment before its thread has.
    thread.join(TimeUnit.SECONDS.toMillis(20));
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void refusesAPackOfNothing() throws WardgateException {
    try (SensorClient client = options(transport).open()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> client.submit(Priority.VITAL, List.of()));
    }
  }

  @Test
  void aLinkThatCannotBeHadIsNoClient() {
    SensorTransport none =
        (credential, clock) -> {
          throw new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "as the test wants it");
        };
    assertThat(reasonOf(() -> options(none).open())).isEqualTo(Reason.TRANSPORT_UNAVAILABLE);
  }

  @Test
  void aBufferHas1KiBTo64MiB() {
    for (int bytes : new int[] {-1, 0, 1023, (64 << 20) + 1}) {
      assertThatIllegalArgumentException().isThrownBy(() -> options(transport).bufferBytes(bytes));
    }
    assertThat(options(transport).bufferBytes(1024).bufferBytes(64 << 20)).isNotNull();
  }

  private static SensorClient.Options options(SensorTransport by) {
    return SensorClient.builder()
        .credential(
            SensorCredential.preShared(
                new PreSharedKey(DeviceId.of("pump-1"), "id", TestSecret.bytes(32))))
        .transport(by);
  }
}
