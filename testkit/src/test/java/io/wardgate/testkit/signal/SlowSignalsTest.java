// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that change in minutes and hours: cuff, glucose, pump, tag, fever. */
class SlowSignalsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aCuffMeasuresPlausiblyAtEveryInterval(long seed) {
    CuffMeasurement cuff = CuffMeasurement.atHome(seed, Duration.ofMinutes(15));
    List<CuffMeasurement.Result> results = cuff.advance(Duration.ofDays(1));
    assertThat(results).hasSize(96);
    for (int i = 0; i < results.size(); i++) {
      CuffMeasurement.Result result = results.get(i);
      Duration onTheArm = result.at().minus(Duration.ofMinutes(15L * i));
      assertThat(onTheArm).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(46));
      assertThat(result.systolic()).isBetween(85.0, 190.0).isGreaterThan(result.mean());
      assertThat(result.mean()).isGreaterThan(result.diastolic());
      assertThat(result.diastolic()).isBetween(45.0, 125.0);
      assertThat(result.pulseRate()).isBetween(50.0, 100.0);
    }
    assertThat(results.stream().mapToDouble(CuffMeasurement.Result::systolic).distinct().count())
        .isGreaterThan(90);
  }

  @Test
  void aCuffInTransportIsReadyWithinHalfAMinute() {
    CuffMeasurement cuff = CuffMeasurement.inTransport(1, Duration.ofMinutes(3));
    assertThat(cuff.advance(Duration.ofSeconds(25))).hasSize(1);
  }

  @Test
  void refusesACuffThatNeverRests() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CuffMeasurement.atHome(1, Duration.ofSeconds(59)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void glucoseStaysPlausibleForAWeek(long seed) {
    List<GlucoseSignal.Reading> week = new GlucoseSignal(seed).advance(Duration.ofDays(7));
    assertThat(week).hasSize(7 * 288);
    double previous = week.get(0).milligramsPerDecilitre();
    for (GlucoseSignal.Reading reading : week) {
      double now = reading.milligramsPerDecilitre();
      assertThat(now).isBetween(40.0, 300.0);
      assertThat(Math.abs(now - previous)).as("mg/dL in five minutes").isLessThan(25);
      previous = now;
    }
    double hours = week.stream().filter(r -> r.milligramsPerDecilitre() < 70).count() * 5 / 60.0;
    assertThat(hours).as("hours of hypoglycaemia in a week").isBetween(0.5, 40.0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void glucoseRisesAfterBreakfastAndComesBack(long seed) {
    List<GlucoseSignal.Reading> morning = new GlucoseSignal(seed).advance(Duration.ofHours(5));
    double fasting = morning.get(0).milligramsPerDecilitre();
    double peak =
        morning.stream()
            .mapToDouble(GlucoseSignal.Reading::milligramsPerDecilitre)
            .max()
            .orElseThrow();
    double noon = morning.get(morning.size() - 1).milligramsPerDecilitre();
    assertThat(peak).isGreaterThan(fasting + 20);
    assertThat(noon).isLessThan(peak - 20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aLowIsAnsweredBeforeItIsDangerousAndPasses(long seed) {
    int below = 0;
    for (GlucoseSignal.Reading reading : new GlucoseSignal(seed).advance(Duration.ofDays(7))) {
      assertThat(reading.milligramsPerDecilitre()).isGreaterThan(50);
      below = reading.milligramsPerDecilitre() < 70 ? below + 1 : 0;
      assertThat(below).as("readings below 70 mg/dL in a row").isLessThan(72);
    }
  }

  @Test
  void glucoseFollowsFromTheSeedHoweverTimeIsDivided() {
    List<GlucoseSignal.Reading> whole = new GlucoseSignal(3).advance(Duration.ofHours(2));
    GlucoseSignal pieces = new GlucoseSignal(3);
    List<GlucoseSignal.Reading> collected = new ArrayList<>();
    for (int i = 0; i < 7200; i++) {
      collected.addAll(pieces.advance(SECOND));
    }
    assertThat(collected).isEqualTo(whole).hasSize(24);
    assertThat(new GlucoseSignal(4).advance(Duration.ofHours(2))).isNotEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aPumpDeliversWhatItsRateSaysAndNothingWhenClosed(long seed) {
    InfusionSignal pump = new InfusionSignal(seed);
    boolean alarmed = false;
    boolean cleared = false;
    double volume = 0;
    for (int second = 0; second < 1_200; second++) {
      pump.advance(SECOND);
      double gained = pump.volumeDelivered() - volume;
      volume = pump.volumeDelivered();
      assertThat(gained).isCloseTo(pump.rate() / 3600, within(1e-9));
      assertThat(pump.rate()).isBetween(0.0, 125.0);
      assertThat(pump.battery()).isBetween(0.0, 100.0);
      cleared |= alarmed && pump.rate() > 0;
      alarmed |= pump.occlusionAlarm();
      if (pump.occlusionAlarm()) {
        assertThat(pump.rate()).isZero();
      }
    }
    assertThat(alarmed).as("an occlusion within 20 minutes").isTrue();
    assertThat(cleared).as("flow afterwards").isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aTagGoesThroughDoorsOnlyAndOnlyWhileItMoves(long seed) {
    TagSignal tag = new TagSignal(seed);
    Set<String> seen = new HashSet<>();
    String zone = tag.zone();
    boolean moved = false;
    for (int second = 0; second < 1_800; second++) {
      tag.advance(SECOND);
      if (!tag.zone().equals(zone)) {
        assertThat(TagSignal.nextDoor(zone, tag.zone())).isTrue();
        assertThat(moved).isTrue();
      }
      zone = tag.zone();
      moved = tag.moving();
      seen.add(zone);
    }
    assertThat(TagSignal.zones()).containsAll(seen);
    assertThat(seen).hasSizeGreaterThan(2);
  }

  @Test
  void aTagsBatteryFallsOverAMonth() {
    TagSignal tag = new TagSignal(1);
    double before = tag.battery();
    tag.advance(Duration.ofDays(30));
    assertThat(tag.battery()).isLessThan(before - 0.05).isBetween(2.4, 3.0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aFeverRisesFallsAndQuickensTheBreath(long seed) {
    FeverSignal patient = new FeverSignal(seed);
    double highest = 0;
    double lowestAfter = 50;
    double fastest = 0;
    double previous = patient.temperature();
    for (int minute = 0; minute < 24 * 60; minute++) {
      patient.advance(Duration.ofMinutes(1));
      double temperature = patient.temperature();
      assertThat(temperature).isBetween(36.0, 40.5);
      assertThat(Math.abs(temperature - previous)).as("degrees in a minute").isLessThan(0.2);
      assertThat(patient.respirationRate()).isBetween(9.0, 32.0);
      fastest = Math.max(fastest, patient.respirationRate());
      if (temperature > highest) {
        highest = temperature;
        lowestAfter = temperature;
      }
      lowestAfter = Math.min(lowestAfter, temperature);
      previous = temperature;
    }
    assertThat(highest).isGreaterThan(38);
    assertThat(lowestAfter).isLessThan(37.8);
    assertThat(fastest).isGreaterThan(17);
  }

  @Test
  void timeDoesNotRunBackwards() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FeverSignal(1).advance(Duration.ofSeconds(-1)));
  }
}
