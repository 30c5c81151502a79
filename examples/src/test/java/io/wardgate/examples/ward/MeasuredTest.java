// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.DeviceId;
import io.wardgate.reading.FileUplink;
import io.wardgate.reading.Observation;
import io.wardgate.reading.Reading;
import io.wardgate.testkit.simulator.SimulatedSensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings compared by what the file says of them. */
class MeasuredTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  @TempDir Path directory;

  @Test
  void findsInTheFileExactlyWhatASensorMeasured() throws Exception {
    for (Post post : Post.ALL) {
      DeviceId device = post.device();
      List<Reading> readings =
          SimulatedSensor.of(post.kind(), 5)
              .hurriedBy(post.timeFactor())
              .advance(Duration.ofSeconds(30))
              .stream()
              .map(sample -> Samples.reading(sample, NOON))
              .toList();
      Path file = directory.resolve(device.serial());
      try (FileUplink uplink = FileUplink.open(file)) {
        uplink
            .deliver(
                readings.stream()
                    .map(reading -> new Observation("1", device, post.role().name(), NOON, reading))
                    .toList())
            .toCompletableFuture()
            .join();
      }

      assertThat(readings).isNotEmpty();
      assertThat(Measured.in(file))
          .isEqualTo(
              readings.stream().map(reading -> Measured.of(device, post.role(), reading)).toList());
    }
  }

  @Test
  void takesAReadingForAnotherIfItsUnitChanged() throws IOException {
    assertThat(stored("glucose-sensor", "7.1", "\"mg/dL\""))
        .isNotEqualTo(stored("glucose-sensor", "7.1", "\"mmol/L\""))
        .isNotEqualTo(stored("glucose-sensor", "7.1", "null"));
  }

  @Test
  void takesAReadingForAnotherIfItWasStoredUnderAnotherRole() throws IOException {
    assertThat(stored("glucose-sensor", "7.1", "null"))
        .isNotEqualTo(stored("infusion-pump", "7.1", "null"));
  }

  @Test
  void tellsANumberFromATextThatLooksLikeIt() throws IOException {
    assertThat(stored("glucose-sensor", "7.1", "null"))
        .isNotEqualTo(stored("glucose-sensor", "\"7.1\"", "null"));
  }

  @Test
  void refusesALineThatIsNoReading() throws IOException {
    Path file = Files.writeString(directory.resolve("readings"), "{\"device\":\n");

    assertThatThrownBy(() -> Measured.in(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1");
  }

  private List<Measured> stored(String role, String value, String unit) throws IOException {
    return Measured.in(
        Files.writeString(
            directory.resolve("stored"),
            """
            {"id":"1","device":"glucose-01","role":"%s","time":"%s","code":"160212","value":%s,"unit":%s}
            """
                .formatted(role, NOON, value, unit)));
  }
}
