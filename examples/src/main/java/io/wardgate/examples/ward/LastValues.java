// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import io.wardgate.reading.Reading;
import io.wardgate.reading.Value;
import io.wardgate.reading.WaveformBlock;
import io.wardgate.testkit.simulator.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device's latest readings as a monitor would say them: label, number, the unit clinicians read.
 *
 * <p>One phrase per quantity, the most important first.
 */
final class LastValues {

  private final Map<String, Reading> latest;
  private final List<String> phrases = new ArrayList<>();
  private final List<String> extras = new ArrayList<>();

  LastValues(Map<String, Reading> latest) {
    this.latest = latest;
    boolean electrodes = shown(Measure.HEART_RATE).isPresent();
    alarm();
    number(Measure.HEART_RATE, phrases);
    number(Measure.OXYGEN_SATURATION, phrases);
    number(Measure.PULSE_RATE, electrodes ? extras : phrases);
    text("rhythm");
    pressure("ABP", Measure.ARTERIAL_SYSTOLIC, Measure.ARTERIAL_DIASTOLIC, Measure.ARTERIAL_MEAN);
    pressure("NIBP", Measure.CUFF_SYSTOLIC, Measure.CUFF_DIASTOLIC, Measure.CUFF_MEAN);
    number(Measure.GLUCOSE, phrases);
    number(Measure.RESPIRATION_RATE, phrases);
    number(Measure.INFUSION_RATE, phrases);
    number(Measure.INFUSION_VOLUME, phrases);
    text("zone");
    number(Measure.BODY_TEMPERATURE, extras);
    voltage();
    number(Measure.CUFF_PULSE_RATE, extras);
    wave(Measure.ECG_LEAD_II);
    wave(Measure.PLETHYSMOGRAM);
  }

  /** What must be shown. */
  List<String> phrases() {
    return List.copyOf(phrases);
  }

  /** What may be shown. */
  List<String> extras() {
    return List.copyOf(extras);
  }

  private void alarm() {
    if (reading(Samples.OCCLUSION).equals(Optional.of(new Value.Flag(true)))) {
      phrases.add("OCCLUSION");
    }
  }

  private void number(Measure measure, List<String> to) {
    shown(measure).ifPresent(text -> to.add(measure.label() + " " + text + " " + unit(measure)));
  }

  private void pressure(String label, Measure systolic, Measure diastolic, Measure mean) {
    if (shown(systolic).isPresent() && shown(diastolic).isPresent() && shown(mean).isPresent()) {
      phrases.add(
          label
              + " "
              + shown(systolic).get()
              + "/"
              + shown(diastolic).get()
              + " ("
              + shown(mean).get()
              + ") "
              + unit(systolic));
    }
  }

  private void text(String code) {
    reading(code)
        .ifPresent(
            value -> {
              if (value instanceof Value.Text text) {
                phrases.add(text.text());
              }
            });
  }

  private void voltage() {
    reading(Samples.BATTERY_VOLTAGE)
        .ifPresent(
            value -> {
              if (value instanceof Value.Quantity quantity) {
                extras.add("battery " + quantity.number() + " V");
              }
            });
  }

  private void wave(Measure measure) {
    reading(measure.code())
        .flatMap(value -> value instanceof Value.Data data ? data.waveform() : Optional.empty())
        .map(WaveformBlock::period)
        .ifPresent(
            period ->
                extras.add(
                    measure.label()
                        + " "
                        + Math.round(Duration.ofSeconds(1).toNanos() / (double) period.toNanos())
                        + " Hz"));
  }

  /** The number of {@code measure} as its display shows it. */
  private Optional<String> shown(Measure measure) {
    return reading(measure.code())
        .flatMap(
            value ->
                value instanceof Value.Quantity quantity
                    ? Optional.of(plain(measure.toDisplay(quantity.number())))
                    : Optional.empty());
  }

  private Optional<Value> reading(String code) {
    return Optional.ofNullable(latest.get(code)).flatMap(Reading::value);
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** The unit without the brackets of UCUM. */
  private static String unit(Measure measure) {
    return switch (measure.unit()) {
      case "beat/min" -> "/min";
      case "mm[Hg]" -> "mmHg";
      case "Cel" -> "C";
      default -> measure.unit();
    };
  }
}
