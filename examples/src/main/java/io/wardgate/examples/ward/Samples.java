// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.reading.Priority;
import io.wardgate.reading.Reading;
import io.wardgate.reading.WaveformBlock;
import io.wardgate.testkit.simulator.Measure;
import io.wardgate.testkit.simulator.Sample;
import io.wardgate.testkit.simulator.Value;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Turns what a simulated sensor measured into readings as they travel. */
final class Samples {

  static final String OCCLUSION = "occlusion";
  static final String BATTERY_VOLTAGE = "battery-voltage";

  private Samples() {}

  /** The reading of {@code sample}, in SenML's unit, dated from the sensor's start. */
  static Reading reading(Sample sample, Instant start) {
    Sample registered = sample.inSenmlUnit();
    // Our clock is not better than this, and SenML carries no nanoseconds.
    Instant time = start.plus(sample.at()).truncatedTo(ChronoUnit.MILLIS);
    Optional<String> unit = Optional.of(registered.unit()).filter(text -> !text.isEmpty());
    return Reading.of(sample.code(), unit, value(registered.value()), time);
  }

  static Priority priority(Sample sample) {
    if (sample.value() instanceof Value.Waveform) {
      return Priority.WAVEFORM;
    }
    if (sample.code().equals(OCCLUSION)) {
      return Priority.ALARM;
    }
    boolean ofItself =
        sample.code().equals(BATTERY_VOLTAGE)
            || sample.code().equals(Measure.BATTERY_CHARGE.code());
    return ofItself ? Priority.LOG : Priority.VITAL;
  }

  private static io.wardgate.reading.Value value(Value simulated) {
    if (simulated instanceof Value.Quantity quantity) {
      return new io.wardgate.reading.Value.Quantity(quantity.number());
    }
    if (simulated instanceof Value.Text text) {
      return new io.wardgate.reading.Value.Text(text.text());
    }
    if (simulated instanceof Value.Flag flag) {
      return new io.wardgate.reading.Value.Flag(flag.raised());
    }
    Value.Waveform wave = (Value.Waveform) simulated;
    return new io.wardgate.reading.Value.Data(
        WaveformBlock.fitting(wave.period(), wave.samples()).toBytes());
  }
}
