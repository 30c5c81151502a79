// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.CuffMeasurement;
import java.time.Duration;

/** A blood pressure cuff, at home or in an ambulance. */
final class BloodPressure implements Source {

  private final CuffMeasurement cuff;

  BloodPressure(long seed) {
    this(CuffMeasurement.atHome(seed, Duration.ofMinutes(15)));
  }

  BloodPressure(CuffMeasurement cuff) {
    this.cuff = cuff;
  }

  @Override
  public void second(long second, Report report) {
    for (CuffMeasurement.Result result : cuff.advance(Duration.ofSeconds(1))) {
      report.number(Measure.CUFF_SYSTOLIC, result.systolic());
      report.number(Measure.CUFF_DIASTOLIC, result.diastolic());
      report.number(Measure.CUFF_MEAN, result.mean());
      report.number(Measure.CUFF_PULSE_RATE, result.pulseRate());
    }
  }
}
