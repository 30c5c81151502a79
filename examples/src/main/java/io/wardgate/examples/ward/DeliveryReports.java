// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.reading.Reading;
import io.wardgate.reading.SenmlEncoder;
import io.wardgate.reading.SenmlFormat;
import io.wardgate.sensor.SensorClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a pump has delivered, reported one by one to a resource that only pumps may use. A report
 * that got no answer, or 5.03, is sent again; any other refusal ends it. Thread-safe.
 */
final class DeliveryReports {

  /** Where they are posted. */
  static final String PATH = "/pump";

  private record Report(Reading reading, CompletableFuture<Void> delivered) {}

  private final SensorClient client;
  private final Object lock = new Object();
  private final Deque<Report> waiting = new ArrayDeque<>();
  private boolean busy;

  DeliveryReports(SensorClient client) {
    this.client = client;
  }

  static byte[] encode(Reading reading) {
    return SenmlEncoder.encode(SenmlFormat.SENML_CBOR, List.of(reading));
  }

  CompletionStage<Void> add(Reading reading) {
    Report report = new Report(reading, new CompletableFuture<>());
    synchronized (lock) {
      waiting.addLast(report);
    }
    return report.delivered();
  }

  /** Sends the oldest, unless one is under way; called now and again. */
  void sendNext() {
    Report report;
    synchronized (lock) {
      report = busy ? null : waiting.peekFirst();
      if (report == null) {
        return;
      }
      busy = true;
    }
    var unused =
        client
            .request(
                Method.POST, PATH, SenmlFormat.SENML_CBOR.contentFormat(), encode(report.reading()))
            .whenComplete((response, failure) -> answered(report, response));
  }

  private void answered(Report report, @Nullable Response response) {
    boolean ended = response != null && response.status() != Status.SERVICE_UNAVAILABLE;
    synchronized (lock) {
      busy = false;
      if (ended) {
        waiting.removeFirst();
      }
    }
    if (ended && response != null && response.status().isSuccess()) {
      report.delivered().complete(null);
    } else if (ended) {
      report
          .delivered()
          .completeExceptionally(
              new WardgateException(Reason.REFUSED_BY_GATEWAY, "a delivery report"));
    }
  }
}
