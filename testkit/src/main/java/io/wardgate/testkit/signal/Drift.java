// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;

/**
 * A slow wandering between -1 and 1: three sines whose periods and phases come from a seed.
 *
 * <p>A pure function of time once made.
 */
final class Drift {

  private static final double[] SHARES = {0.5, 0.3, 0.2};

  private final double[] cyclesPerSecond = new double[SHARES.length];
  private final double[] phases = new double[SHARES.length];

  Drift(Draws draws, Range periodSeconds) {
    for (int i = 0; i < SHARES.length; i++) {
      cyclesPerSecond[i] = 1 / periodSeconds.draw(draws);
      phases[i] = draws.fraction();
    }
  }

  double at(double seconds) {
    double sum = 0;
    for (int i = 0; i < SHARES.length; i++) {
      sum += SHARES[i] * sine(cyclesPerSecond[i] * seconds + phases[i]);
    }
    return sum;
  }

  /** The sine of a phase given in turns. */
  static double sine(double turns) {
    return StrictMath.sin(2 * StrictMath.PI * turns);
  }
}
