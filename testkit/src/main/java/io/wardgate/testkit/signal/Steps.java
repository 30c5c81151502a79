// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import java.time.Duration;

/** Counts whole steps of simulated time and keeps the rest, so that no division loses any. */
final class Steps {

  private final Duration step;
  private Duration rest = Duration.ZERO;
  private long taken;

  Steps(Duration step) {
    this.step = step;
  }

  /**
   * How many more steps this much more time completes.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  long in(Duration elapsed) {
    if (elapsed.isNegative()) {
      throw new IllegalArgumentException("simulated time does not run backwards: " + elapsed);
    }
    Duration open = rest.plus(elapsed);
    long whole = open.dividedBy(step);
    rest = open.minus(step.multipliedBy(whole));
    return whole;
  }

  /** Takes one step and says which simulated time it reaches, since the start. */
  Duration next() {
    taken++;
    return step.multipliedBy(taken);
  }

  static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }
}
