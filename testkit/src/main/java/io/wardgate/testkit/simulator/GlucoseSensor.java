// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.GlucoseSignal;
import java.time.Duration;

/** A continuous glucose sensor under the skin. */
final class GlucoseSensor implements Source {

  private final GlucoseSignal glucose;

  GlucoseSensor(long seed) {
    this.glucose = new GlucoseSignal(seed);
  }

  @Override
  public void second(long second, Report report) {
    for (GlucoseSignal.Reading reading : glucose.advance(Duration.ofSeconds(1))) {
      report.number(Measure.GLUCOSE, reading.milligramsPerDecilitre());
    }
  }
}
