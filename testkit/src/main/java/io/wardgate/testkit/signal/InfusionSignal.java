// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;
import java.time.Duration;

/**
 * An infusion pump: rate in mL/h, volume delivered in mL, line pressure in mmHg, battery in %, and
 * the occlusion alarm.
 *
 * <p>The rate (5 to 125 mL/h) is changed by hand every few minutes. In an occlusion the pump pushes
 * against a closed line: pressure climbs until the alarm stops the motor at 300 mmHg, and flow
 * returns when the line is freed. Nothing is delivered while the line is closed. The battery drains
 * by some 20 % an hour during the transport at the beginning and charges on the mains afterwards.
 */
public final class InfusionSignal {

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final double ALARM_PRESSURE = 300;
  private static final double CLIMB_SECONDS = 8;
  private static final double DRAIN_PER_SECOND = 20 / 3600.0;
  private static final double CHARGE_PER_SECOND = 40 / 3600.0;

  private final Draws draws;
  private final Episodes occlusion;
  private final Episodes mains;
  private final double openPressure;
  private final Steps steps = new Steps(STEP);

  private double setRate;
  private double rateChangesAt;
  private double delivered;
  private double pressure;
  private double battery;
  private boolean closed;

  /** The pump of this seed's patient, from its start. */
  public InfusionSignal(long seed) {
    this.draws = new Draws(seed).branch("infusion");
    this.openPressure = draws.between(20, 45);
    this.pressure = openPressure;
    this.battery = draws.between(60, 95);
    this.setRate = drawRate();
    this.rateChangesAt = draws.between(120, 600);
    this.occlusion =
        new Episodes(
            draws.branch("occlusion"), new Range(10, 240), new Range(240, 900), new Range(20, 60));
    this.mains =
        new Episodes(
            draws.branch("mains"),
            new Range(300, 900),
            new Range(600, 1200),
            new Range(3600, 9000));
  }

  /** Lets simulated time pass, in whole seconds; what is left over counts towards the next call. */
  public void advance(Duration elapsed) {
    for (long left = steps.in(elapsed); left > 0; left--) {
      step(Steps.seconds(steps.next()));
    }
  }

  /** The rate at which fluid flows now, in mL/h; 0 while the line is closed. */
  public double rate() {
    return closed ? 0 : setRate;
  }

  /** The volume delivered since the start, in mL; never falls. */
  public double volumeDelivered() {
    return delivered;
  }

  /** The pressure in the line, in mmHg. */
  public double linePressure() {
    return pressure;
  }

  /** What is left in the battery, in %. */
  public double battery() {
    return battery;
  }

  /** Whether the occlusion alarm sounds. */
  public boolean occlusionAlarm() {
    return pressure >= ALARM_PRESSURE;
  }

  private void step(double now) {
    if (now >= rateChangesAt) {
      setRate = drawRate();
      rateChangesAt = now + draws.between(120, 600);
    }
    closed = occlusion.activeAt(now);
    if (closed) {
      // At the alarm the motor stops, and the pressure stays.
      pressure = Math.min(ALARM_PRESSURE, pressure + ALARM_PRESSURE / CLIMB_SECONDS);
    } else {
      pressure += (openPressure - pressure) / 2;
      delivered += setRate / 3600;
    }
    double change = mains.activeAt(now) ? CHARGE_PER_SECOND : -DRAIN_PER_SECOND;
    battery = Math.min(100, Math.max(0, battery + change));
  }

  /** A rate as a nurse sets it: in steps of half a millilitre per hour. */
  private double drawRate() {
    return StrictMath.rint(draws.between(5, 125) * 2) / 2;
  }
}
