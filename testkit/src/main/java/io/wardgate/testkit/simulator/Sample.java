// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import java.time.Duration;

/**
 * One thing a sensor measured, in no particular encoding.
 *
 * @param code an ISO/IEEE 11073-10101 code in decimal, or a plain name where no code is used
 *     ({@code rhythm}, {@code zone})
 * @param unit of the number or waveform; empty for texts and flags
 * @param at when, since the sensor's start and in its caller's time; of a waveform, the first
 *     sample
 * @param value what was measured
 */
public record Sample(String code, String unit, Duration at, Value value) {

  /**
   * The same sample in the unit that SenML registers for its code (see {@link Measure}).
   *
   * <p>A sample whose code is not one of ours, or whose unit is not the display's, is returned as
   * it is.
   */
  public Sample inSenmlUnit() {
    return Measure.ofCode(code)
        .filter(measure -> measure.unit().equals(unit))
        .map(measure -> new Sample(code, measure.senmlUnit(), at, converted(measure)))
        .orElse(this);
  }

  private Value converted(Measure measure) {
    if (value instanceof Value.Quantity quantity) {
      return new Value.Quantity(measure.toSenml(quantity.number()));
    }
    if (value instanceof Value.Waveform waveform) {
      double[] samples = waveform.samples();
      for (int i = 0; i < samples.length; i++) {
        samples[i] = measure.toSenml(samples[i]);
      }
      return new Value.Waveform(samples, waveform.period());
    }
    return value;
  }
}
