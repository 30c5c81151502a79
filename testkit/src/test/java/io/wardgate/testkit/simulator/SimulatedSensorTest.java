// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedSensorTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameSamplesHoweverTimeIsDivided(SensorKind kind) {
    Duration span = Duration.ofMinutes(10);
    List<Sample> whole = SimulatedSensor.of(kind, 8).advance(span);
    SimulatedSensor pieces = SimulatedSensor.of(kind, 8);
    List<Sample> collected = new ArrayList<>();
    for (Duration left = span; !left.isZero(); left = left.minusMillis(400)) {
      collected.addAll(pieces.advance(Duration.ofMillis(400)));
    }
    assertThat(collected).isEqualTo(whole).isNotEmpty();
    assertThat(SimulatedSensor.of(kind, 9).advance(span)).isNotEqualTo(whole);
  }

  @Test
  void aSeedGivesTheseSamplesOnEveryJdk() {
    // A change of any model changes this number, and every demonstration that was ever recorded.
    long digest = 1;
    for (SensorKind kind : SensorKind.values()) {
      for (Sample sample : SimulatedSensor.of(kind, 1).advance(Duration.ofMinutes(10))) {
        digest = digest * 31 + sample.code().hashCode();
        digest = digest * 31 + numbers(sample.value());
      }
    }
    assertThat(digest).isEqualTo(-4960098514220396368L);
  }

  /** Not the values' own hash codes: a record's may differ between JDKs. */
  private static int numbers(Value value) {
    if (value instanceof Value.Waveform wave) {
      return Arrays.hashCode(wave.samples());
    }
    return value instanceof Value.Quantity quantity ? Double.hashCode(quantity.number()) : 0;
  }

  @ParameterizedTest
  @CsvSource({
    "ECG_PATCH, 131330 147842 rhythm",
    "GLUCOSE_SENSOR, 160212",
    "BLOOD_PRESSURE, 150021 150022 150023 149546",
    "PULSE_OXIMETER, 150452 150456 149530",
    "AMBULANCE_MONITOR," + " 131330 147842 rhythm 150452 150456 149530 150021 150022 150023 149546",
    "BEDSIDE_MONITOR, 131330 147842 rhythm 150036 150037 150038 150039 150452 150456 149530"
        + " 151562 150364",
    "INFUSION_PUMP, 157784 157864 67996 occlusion",
    "ASSET_TAG, zone motion battery-voltage",
  })
  void eachKindMeasuresItsOwnQuantities(SensorKind kind, String codes) {
    Set<String> measured =
        SimulatedSensor.of(kind, 1).advance(HOUR).stream()
            .map(Sample::code)
            .collect(Collectors.toSet());
    assertThat(measured).containsExactlyInAnyOrder(codes.split(" "));
  }

  @ParameterizedTest
  @EnumSource
  void samplesComeOldestFirstAndWithinTheTimeThatPassed(SensorKind kind) {
    SimulatedSensor sensor = SimulatedSensor.of(kind, 2);
    sensor.advance(Duration.ofMinutes(5));
    List<Duration> moments = sensor.advance(HOUR).stream().map(Sample::at).toList();
    assertThat(moments).isSorted();
    assertThat(moments.get(0)).isGreaterThanOrEqualTo(Duration.ofMinutes(5));
    assertThat(moments.get(moments.size() - 1)).isLessThanOrEqualTo(Duration.ofMinutes(65));
  }

  @Test
  void anEcgPatchSendsABlockOf250SamplesAndAHeartRateEachSecond() {
    List<Sample> samples =
        SimulatedSensor.of(SensorKind.ECG_PATCH, 1).advance(Duration.ofSeconds(10));
    List<Value.Waveform> waves =
        samples.stream()
            .filter(sample -> sample.code().equals("131330"))
            .map(sample -> (Value.Waveform) sample.value())
            .toList();
    assertThat(waves).hasSize(10);
    assertThat(waves)
        .allMatch(wave -> wave.samples().length == 250)
        .allMatch(wave -> wave.period().equals(Duration.ofMillis(4)));
    assertThat(samples.stream().filter(sample -> sample.code().equals("147842"))).hasSize(10);
  }

  @Test
  void aHurriedSensorShowsTheSameValuesInLessTime() {
    SimulatedSensor slow = SimulatedSensor.of(SensorKind.GLUCOSE_SENSOR, 1);
    SimulatedSensor hurried = SimulatedSensor.of(SensorKind.GLUCOSE_SENSOR, 1).hurriedBy(300);
    List<Sample> inSeconds = hurried.advance(Duration.ofSeconds(30));
    List<Sample> inHours = slow.advance(Duration.ofMinutes(150));
    assertThat(inSeconds).hasSize(30);
    assertThat(inSeconds.stream().map(Sample::value))
        .containsExactlyElementsOf(inHours.stream().map(Sample::value).toList());
    assertThat(inSeconds.get(4).at()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"BLOOD_PRESSURE", "GLUCOSE_SENSOR"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyOtherKindSpeaksInItsFirstSecond(SensorKind kind) {
    assertThat(SimulatedSensor.of(kind, 1).advance(Duration.ofSeconds(1))).isNotEmpty();
  }

  @Test
  void repeatsNoStateThatHasNotChanged() {
    List<Value> zones =
        SimulatedSensor.of(SensorKind.ASSET_TAG, 1).advance(HOUR).stream()
            .filter(sample -> sample.code().equals("zone"))
            .map(Sample::value)
            .toList();
    assertThat(zones).hasSizeGreaterThan(5);
    for (int i = 1; i < zones.size(); i++) {
      assertThat(zones.get(i)).isNotEqualTo(zones.get(i - 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void kindsHaveTheNamesOfTheirRoles(SensorKind kind) {
    assertThat(kind.id())
        .isEqualTo(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
  }

  @Test
  void everySettingHasASensor() {
    assertThat(SensorKind.values()).extracting(SensorKind::setting).contains(Setting.values());
  }

  @Test
  void refusesTimeThatRunsBackwardsOrFarAhead() {
    SimulatedSensor sensor = SimulatedSensor.of(SensorKind.ASSET_TAG, 1);
    assertThatIllegalArgumentException().isThrownBy(() -> sensor.advance(Duration.ofNanos(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sensor.advance(SimulatedSensor.LONGEST_ADVANCE.plusNanos(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> sensor.hurriedBy(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sensor.hurriedBy(SimulatedSensor.LARGEST_TIME_FACTOR + 1));
  }
}
