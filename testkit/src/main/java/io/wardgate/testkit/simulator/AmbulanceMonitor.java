// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.CuffMeasurement;
import java.time.Duration;

/** A transport monitor: electrodes, finger clip and cuff on one patient. */
final class AmbulanceMonitor implements Source {

  private final EcgPatch ecg;
  private final PulseOximeter oximeter;
  private final BloodPressure cuff;

  AmbulanceMonitor(long seed) {
    this.ecg = new EcgPatch(seed);
    this.oximeter = new PulseOximeter(seed);
    this.cuff = new BloodPressure(CuffMeasurement.inTransport(seed, Duration.ofMinutes(3)));
  }

  @Override
  public void second(long second, Report report) {
    ecg.second(second, report);
    oximeter.second(ecg.heartRate(), report);
    cuff.second(second, report);
  }
}
