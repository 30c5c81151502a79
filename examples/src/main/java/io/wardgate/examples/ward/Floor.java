// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.identity.SensorCredential;
import io.wardgate.sensor.SensorClient;
import io.wardgate.transport.DtlsTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The eight sensors of the ward, living side by side since one instant. */
final class Floor implements AutoCloseable {

  private final List<WardSensor> sensors;
  private final Instant start;

  private Floor(List<WardSensor> sensors, Instant start) {
    this.sensors = sensors;
    this.start = start;
  }

  /**
   * Opens a client for each post; all begin to live now.
   *
   * @param enrolled what each works with, but for who has a pre-shared key
   * @param gateway where it listens
   * @param outside where the ambulance finds it
   */
  static Floor open(
      Credentials credentials,
      Map<DeviceId, Credentials.Held> enrolled,
      InetSocketAddress gateway,
      InetSocketAddress outside,
      long seed,
      InstantSource clock)
      throws WardgateException {
    List<SensorClient> clients = new ArrayList<>();
    try {
      for (Post post : Post.ALL) {
        SensorCredential credential =
            post.preShared()
                ? credentials.preSharedKey(post.device())
                : credentials.provenBy(Objects.requireNonNull(enrolled.get(post.device())));
        clients.add(
            SensorClient.builder()
                .credential(credential)
                .transport(DtlsTransport.to(post.isAway() ? outside : gateway))
                .open());
      }
    } catch (WardgateException | RuntimeException e) {
      clients.forEach(SensorClient::close);
      throw e;
    }
    Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<WardSensor> sensors = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      sensors.add(new WardSensor(Post.ALL.get(i), seed, clients.get(i), start));
    }
    return new Floor(List.copyOf(sensors), start);
  }

  Instant start() {
    return start;
  }

  List<WardSensor> sensors() {
    return sensors;
  }

  void liveUntil(Duration elapsed) {
    sensors.forEach(sensor -> sensor.liveUntil(elapsed));
  }

  /** Whether everything handed over has found its end. */
  boolean isQuiet() {
    return sensors.stream().allMatch(sensor -> sensor.waiting() == 0);
  }

  List<Measured> measured() {
    return sensors.stream().flatMap(sensor -> sensor.measured().stream()).toList();
  }

  @Override
  public void close() {
    sensors.forEach(WardSensor::close);
  }
}
