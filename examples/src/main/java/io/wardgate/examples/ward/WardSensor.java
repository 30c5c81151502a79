// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.reading.Priority;
import io.wardgate.reading.Reading;
import io.wardgate.sensor.SensorClient;
import io.wardgate.testkit.simulator.Measure;
import io.wardgate.testkit.simulator.Sample;
import io.wardgate.testkit.simulator.SimulatedSensor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One device of the ward: a simulated sensor and the client that hands over what it measures.
 *
 * <p>Lives on the ward's one thread; only acknowledgements come from elsewhere.
 */
final class WardSensor implements AutoCloseable {

  private final Post post;
  private final SimulatedSensor simulated;
  private final SensorClient client;
  private final DeliveryReports reports;
  private final Instant start;
  private final List<Measured> measured = new ArrayList<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private Duration lived = Duration.ZERO;

  WardSensor(Post post, long seed, SensorClient client, Instant start) {
    this.post = post;
    this.simulated = SimulatedSensor.of(post.kind(), seed).hurriedBy(post.timeFactor());
    this.client = client;
    this.reports = new DeliveryReports(client);
    this.start = start;
  }

  Post post() {
    return post;
  }

  /** Lives on until this much time has passed since its start, and hands over what it measured. */
  void liveUntil(Duration elapsed) {
    if (elapsed.compareTo(lived) > 0) {
      List<Sample> samples = simulated.advance(elapsed.minus(lived));
      lived = elapsed;
      submit(samples);
    }
    reports.sendNext();
  }

  /** All it has measured. */
  List<Measured> measured() {
    return List.copyOf(measured);
  }

  /** How many readings were acknowledged. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** How many readings were handed over and neither acknowledged nor given up. */
  int waiting() {
    return waiting.get();
  }

  @Override
  public void close() {
    client.close();
  }

  private void submit(List<Sample> samples) {
    Map<Priority, List<Reading>> packs = new EnumMap<>(Priority.class);
    for (Sample sample : samples) {
      Reading reading = Samples.reading(sample, start);
      measured.add(Measured.of(post.device(), post.role(), reading));
      if (sample.code().equals(Measure.INFUSION_VOLUME.code())) {
        follow(1, reports.add(reading));
      } else {
        packs.computeIfAbsent(Samples.priority(sample), p -> new ArrayList<>()).add(reading);
      }
    }
    packs.forEach((priority, pack) -> follow(pack.size(), client.submit(priority, pack)));
  }

  private void follow(int readings, CompletionStage<Void> delivered) {
    waiting.addAndGet(readings);
    var unused =
        delivered.whenComplete(
            (done, failure) -> {
              if (failure == null) {
                acknowledged.addAndGet(readings);
              }
              waiting.addAndGet(-readings);
            });
  }
}
