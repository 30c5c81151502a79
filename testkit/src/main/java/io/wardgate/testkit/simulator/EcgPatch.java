// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.EcgSignal;
import io.wardgate.testkit.signal.Rhythm;

/** An ECG electrode: the part of a patch or monitor that hears the heart. */
final class EcgPatch implements Source {

  private final EcgSignal ecg;
  private final Changes<Rhythm> rhythm = new Changes<>();

  EcgPatch(long seed) {
    this.ecg = new EcgSignal(seed);
  }

  @Override
  public void second(long second, Report report) {
    report.wave(Measure.ECG_LEAD_II, ecg.next(EcgSignal.SAMPLES_PER_SECOND));
    report.number(Measure.HEART_RATE, ecg.heartRate());
    if (rhythm.to(ecg.rhythm())) {
      report.text("rhythm", ecg.rhythm().label());
    }
  }

  double heartRate() {
    return ecg.heartRate();
  }
}
