// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.ArterialPressureSignal;
import io.wardgate.testkit.signal.FeverSignal;
import java.time.Duration;

/**
 * An intensive-care monitor: electrodes, arterial catheter, finger clip, breathing, temperature.
 */
final class BedsideMonitor implements Source {

  private static final int TEMPERATURE_EVERY_SECONDS = 10;

  private final EcgPatch ecg;
  private final ArterialPressureSignal arterial;
  private final PulseOximeter oximeter;
  private final FeverSignal fever;

  BedsideMonitor(long seed) {
    this.ecg = new EcgPatch(seed);
    this.arterial = new ArterialPressureSignal(seed);
    this.oximeter = new PulseOximeter(seed);
    this.fever = new FeverSignal(seed);
  }

  @Override
  public void second(long second, Report report) {
    ecg.second(second, report);
    double heartRate = ecg.heartRate();
    report.wave(
        Measure.ARTERIAL_PRESSURE,
        arterial.next(ArterialPressureSignal.SAMPLES_PER_SECOND, heartRate));
    report.number(Measure.ARTERIAL_SYSTOLIC, arterial.systolic());
    report.number(Measure.ARTERIAL_DIASTOLIC, arterial.diastolic());
    report.number(Measure.ARTERIAL_MEAN, arterial.mean());
    oximeter.second(heartRate, report);
    fever.advance(Duration.ofSeconds(1));
    report.number(Measure.RESPIRATION_RATE, fever.respirationRate());
    if (second % TEMPERATURE_EVERY_SECONDS == 1) {
      report.number(Measure.BODY_TEMPERATURE, fever.temperature());
    }
  }
}
