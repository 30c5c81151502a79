// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.InfusionSignal;
import java.time.Duration;

/** An infusion pump at the bedside. */
final class InfusionPump implements Source {

  private static final int EVERY_SECONDS = 5;

  private final InfusionSignal infusion;
  private final Changes<Boolean> alarm = new Changes<>();

  InfusionPump(long seed) {
    this.infusion = new InfusionSignal(seed);
  }

  @Override
  public void second(long second, Report report) {
    infusion.advance(Duration.ofSeconds(1));
    if (second % EVERY_SECONDS == 1) {
      report.number(Measure.INFUSION_RATE, infusion.rate());
      report.number(Measure.INFUSION_VOLUME, infusion.volumeDelivered());
      report.number(Measure.BATTERY_CHARGE, infusion.battery());
    }
    if (alarm.to(infusion.occlusionAlarm())) {
      report.flag("occlusion", infusion.occlusionAlarm());
    }
  }
}
