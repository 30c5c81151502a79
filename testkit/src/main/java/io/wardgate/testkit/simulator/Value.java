// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import java.time.Duration;
import java.util.Arrays;

/** What a sample says: a quantity, a text, a flag or a stretch of waveform. */
public sealed interface Value {

  /** A finite number. */
  record Quantity(double number) implements Value {

    /** Refuses what is not a number. */
    public Quantity {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("a sensor measures finite numbers, not " + number);
      }
    }
  }

  /** A word or two. */
  record Text(String text) implements Value {}

  /** Yes or no. */
  record Flag(boolean raised) implements Value {}

  /** Samples at a fixed period; copied in and out. */
  final class Waveform implements Value {

    private final double[] samples;
    private final Duration period;

    /**
     * The samples, one per period.
     *
     * @throws IllegalArgumentException if there are none, or the period is not positive
     */
    public Waveform(double[] samples, Duration period) {
      if (samples.length == 0 || period.isNegative() || period.isZero()) {
        throw new IllegalArgumentException(
            samples.length + " samples every " + period + " are no waveform");
      }
      this.samples = samples.clone();
      this.period = period;
    }

    /** The samples, oldest first. */
    public double[] samples() {
      return samples.clone();
    }

    /** The time between two samples. */
    public Duration period() {
      return period;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Waveform that
          && period.equals(that.period)
          && Arrays.equals(samples, that.samples);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(samples) + period.hashCode();
    }

    /** The length only: 250 numbers help nobody in a log. */
    @Override
    public String toString() {
      return "Waveform[" + samples.length + " samples every " + period + "]";
    }
  }
}
