// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.identity.SensorCredential;
import io.wardgate.reading.Reading;
import io.wardgate.reading.SenmlFormat;
import io.wardgate.sensor.SensorClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody who tries once to place a reading and must not succeed, and what came of it. */
final class Intruder implements AutoCloseable {

  /** Longer than a client waits for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final String name;
  private final String marker;
  private final SensorCredential credential;
  private final Optional<DeviceId> device;
  private final String path;
  private final Reason expected;

  private @Nullable SensorClient client;
  private @Nullable CompletableFuture<Response> answer;
  private Instant patienceEnds = Instant.MAX;
  private int eventsBefore;
  private Optional<Reason> told = Optional.empty();

  /**
   * An intruder that has not begun.
   *
   * @param name what it is, for people
   * @param marker the code of its reading
   * @param credential what it tries it with
   * @param device who it proves to be, if it gets that far
   * @param path where it posts
   * @param expected why it must be refused
   */
  Intruder(
      String name,
      String marker,
      SensorCredential credential,
      Optional<DeviceId> device,
      String path,
      Reason expected) {
    this.name = name;
    this.marker = marker;
    this.credential = credential;
    this.device = device;
    this.path = path;
    this.expected = expected;
  }

  void begin(SensorTransport transport, EventLog events, Instant now) throws WardgateException {
    eventsBefore = events.size();
    patienceEnds = now.plus(PATIENCE);
    client = SensorClient.builder().credential(credential).transport(transport).open();
    // The base name claims to be the ward's pump; it is data, and nobody believes it.
    Reading forged = Reading.quantity(marker, 999, "m3", now).withBaseName("pump-01:");
    answer =
        client
            .request(
                Method.POST,
                path,
                SenmlFormat.SENML_CBOR.contentFormat(),
                DeliveryReports.encode(forged))
            .toCompletableFuture();
  }

  /** Whether its end is known: accepted, refused and told why, or nothing came of it in time. */
  boolean ended(EventLog events, Instant now) {
    if (answer == null) {
      return false;
    }
    listen(events.after(eventsBefore));
    boolean over =
        now.isAfter(patienceEnds)
            || answered()
            || (answer.isDone() && told.filter(expected::equals).isPresent());
    if (over) {
      close();
    }
    return over;
  }

  boolean hasBegun() {
    return answer != null;
  }

  Attempt attempt() {
    return new Attempt(name, marker, expected, told, answered());
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }

  /** One intruder at a time, so what is told of nobody known meanwhile is about this one. */
  private void listen(List<SecurityEvent> events) {
    for (SecurityEvent event : events) {
      if (event.reason().isPresent() && event.device().equals(device)) {
        told = event.reason();
        if (told.get() == expected) {
          return;
        }
      }
    }
  }

  private boolean answered() {
    return answer != null
        && answer.isDone()
        && !answer.isCompletedExceptionally()
        && answer.join().status().isSuccess();
  }
}
