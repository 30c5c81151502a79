// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import io.wardgate.testkit.signal.TagSignal;
import java.time.Duration;

/** A tag on a piece of equipment. */
final class AssetTag implements Source {

  private static final int BATTERY_EVERY_SECONDS = 10;

  private final TagSignal tag;
  private final Changes<String> zone = new Changes<>();
  private final Changes<Boolean> motion = new Changes<>();

  AssetTag(long seed) {
    this.tag = new TagSignal(seed);
  }

  @Override
  public void second(long second, Report report) {
    tag.advance(Duration.ofSeconds(1));
    if (second % BATTERY_EVERY_SECONDS == 1) {
      // Registered in SenML and UCUM alike; the nomenclature has no code for a voltage we know of.
      report.number("battery-voltage", "V", StrictMath.rint(tag.battery() * 1000) / 1000);
    }
    if (zone.to(tag.zone())) {
      report.text("zone", tag.zone());
    }
    if (motion.to(tag.moving())) {
      report.flag("motion", tag.moving());
    }
  }
}
