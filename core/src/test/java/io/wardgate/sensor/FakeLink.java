// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A link whose far end is the test. */
final class FakeLink implements SensorTransport.Link {

  /** What was sent, in order, as text. */
  final List<String> sent = new ArrayList<>();

  /** The answer to each, for the test to complete. */
  final List<CompletableFuture<Response>> answers = new ArrayList<>();

  boolean throwsInstead;
  int startedOver;
  int closed;

  @Override
  public CompletionStage<Response> send(
      Method method, String path, int contentFormat, byte[] payload) {
    sent.add(
        method
            + " "
            + path
            + " "
            + contentFormat
            + " "
            + new String(payload, StandardCharsets.UTF_8));
    if (throwsInstead) {
      throw new IllegalStateException("as the test wants it");
    }
    CompletableFuture<Response> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  CompletableFuture<Response> lastAnswer() {
    return answers.get(answers.size() - 1);
  }

  @Override
  public void startOver() {
    startedOver++;
  }

  @Override
  public void close() {
    closed++;
  }
}
