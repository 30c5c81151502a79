// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SampleTest {

  /** Primary units of the SenML registry that our sensors need (RFC 8428 12.1, RFC 8798 2). */
  private static final Set<String> REGISTERED =
      Set.of("beat/min", "1/min", "%", "%EL", "/", "V", "Pa", "kg/m3", "Cel", "m3", "m3/s");

  @ParameterizedTest
  @EnumSource
  void everyMeasureHasARegisteredUnitAndComesBackFromIt(Measure measure) {
    assertThat(REGISTERED).contains(measure.senmlUnit());
    assertThat(measure.toDisplay(measure.toSenml(97))).isEqualTo(97);
    assertThat(Measure.ofCode(measure.code())).contains(measure);
  }

  @Test
  void noTwoMeasuresShareACode() {
    assertThat(Arrays.stream(Measure.values()).map(Measure::code)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "CUFF_SYSTOLIC, 120, 15998.69, Pa",
    "GLUCOSE, 100, 1, kg/m3",
    "INFUSION_RATE, 36, 1e-8, m3/s",
    "INFUSION_VOLUME, 250, 0.00025, m3",
    "ECG_LEAD_II, 1.2, 0.0012, V",
  })
  void convertsToTheUnitThatSenmlKnows(Measure measure, double shown, double sent, String unit) {
    Sample sample =
        new Sample(measure.code(), measure.unit(), Duration.ZERO, new Value.Quantity(shown));
    Sample converted = sample.inSenmlUnit();
    assertThat(converted.unit()).isEqualTo(unit);
    double number = ((Value.Quantity) converted.value()).number();
    assertThat(number).isCloseTo(sent, within(sent * 1e-6));
  }

  @Test
  void convertsEverySampleOfAWaveform() {
    Value wave = new Value.Waveform(new double[] {1, -0.5}, Duration.ofMillis(4));
    Sample converted =
        new Sample(Measure.ECG_LEAD_II.code(), "mV", Duration.ZERO, wave).inSenmlUnit();
    assertThat(converted.value())
        .isEqualTo(new Value.Waveform(new double[] {0.001, -0.0005}, Duration.ofMillis(4)));
  }

  @Test
  void leavesUnknownCodesAndUnitsAlone() {
    Sample unknown = new Sample("battery-voltage", "V", Duration.ZERO, new Value.Quantity(3));
    assertThat(unknown.inSenmlUnit()).isSameAs(unknown);
    Sample already =
        new Sample(Measure.GLUCOSE.code(), "kg/m3", Duration.ZERO, new Value.Quantity(1));
    assertThat(already.inSenmlUnit()).isSameAs(already);
  }

  @Test
  void aWaveformCannotBeChangedFromOutside() {
    double[] samples = {1, 2};
    Value.Waveform wave = new Value.Waveform(samples, Duration.ofMillis(4));
    samples[0] = 9;
    wave.samples()[1] = 9;
    assertThat(wave.samples()).containsExactly(1, 2);
  }

  @Test
  void refusesWhatIsNoMeasurement() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Value.Quantity(Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Value.Waveform(new double[0], Duration.ofMillis(4)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Value.Waveform(new double[1], Duration.ZERO));
  }
}
