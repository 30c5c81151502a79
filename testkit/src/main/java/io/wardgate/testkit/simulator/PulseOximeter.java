// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.PlethSignal;

/** A finger clip, with a heart of its own or one that is heard elsewhere. */
final class PulseOximeter implements Source {

  private final PlethSignal pleth;

  PulseOximeter(long seed) {
    this.pleth = new PlethSignal(seed);
  }

  @Override
  public void second(long second, Report report) {
    report(report, pleth.next(PlethSignal.SAMPLES_PER_SECOND));
  }

  void second(double heartRate, Report report) {
    report(report, pleth.next(PlethSignal.SAMPLES_PER_SECOND, heartRate));
  }

  private void report(Report report, double[] wave) {
    report.wave(Measure.PLETHYSMOGRAM, wave);
    report.number(Measure.OXYGEN_SATURATION, pleth.saturation());
    report.number(Measure.PULSE_RATE, pleth.pulseRate());
  }
}
