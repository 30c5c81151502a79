// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit;

/**
 * A stream of draws that follows from a seed alone, the same on every JDK.
 *
 * <p>SplitMix64 over plain integer arithmetic; no library generator, whose derived draws may change
 * between releases. For simulations only: whoever sees a few draws knows all others. Not
 * thread-safe.
 */
public final class Draws {

  private static final long STEP = 0x9e3779b97f4a7c15L;

  private final long seed;
  private long state;

  /** The stream of this seed. */
  public Draws(long seed) {
    this.seed = seed;
    this.state = mix(seed);
  }

  /**
   * A stream of its own for one purpose: follows from this stream's seed and the name, not from how
   * much has been drawn, so that a new purpose disturbs no existing one.
   */
  public Draws branch(String purpose) {
    return new Draws(seedFor(purpose));
  }

  /** The seed of the {@linkplain #branch(String) branch} of that name. */
  public long seedFor(String purpose) {
    long hash = mix(seed);
    for (int i = 0; i < purpose.length(); i++) {
      hash = mix(hash + STEP + purpose.charAt(i));
    }
    return hash;
  }

  /** 64 uniform bits. */
  public long bits() {
    state += STEP;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  public double fraction() {
    return (bits() >>> 11) * 0x1.0p-53;
  }

  /** Uniform in [low, high). */
  public double between(double low, double high) {
    return low + (high - low) * fraction();
  }

  /**
   * Uniform in 0 to bound - 1; the bias towards small numbers is below bound / 2^53.
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  public int below(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("a bound of " + bound + " leaves nothing to draw");
    }
    return (int) (fraction() * bound);
  }

  /** True with this probability: never at 0, always at 1. */
  public boolean chance(double probability) {
    return fraction() < probability;
  }

  /** Nearly normal with mean 0 and deviation 1; the sum of twelve draws, so never beyond 6. */
  public double normal() {
    double sum = 0;
    for (int i = 0; i < 12; i++) {
      sum += fraction();
    }
    return sum - 6;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
