// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The samples of one second: waves are dated to its begin, everything else to its end. */
final class Report {

  private final Duration begin;
  private final Duration end;
  private final List<Sample> waves = new ArrayList<>();
  private final List<Sample> others = new ArrayList<>();

  Report(Duration begin, Duration end) {
    this.begin = begin;
    this.end = end;
  }

  void number(Measure measure, double measured) {
    Value value = new Value.Quantity(measure.shown(measured));
    others.add(new Sample(measure.code(), measure.unit(), end, value));
  }

  void number(String name, String unit, double measured) {
    others.add(new Sample(name, unit, end, new Value.Quantity(measured)));
  }

  /** One second of a wave; the period follows from the number of samples. */
  void wave(Measure measure, double[] measured) {
    double[] shown = new double[measured.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = measure.shown(measured[i]);
    }
    Duration period = Duration.ofSeconds(1).dividedBy(shown.length);
    Value value = new Value.Waveform(shown, period);
    waves.add(new Sample(measure.code(), measure.unit(), begin, value));
  }

  void text(String name, String text) {
    others.add(new Sample(name, "", end, new Value.Text(text)));
  }

  void flag(String name, boolean raised) {
    others.add(new Sample(name, "", end, new Value.Flag(raised)));
  }

  /** What was reported, oldest first. */
  List<Sample> samples() {
    List<Sample> all = new ArrayList<>(waves);
    all.addAll(others);
    return all;
  }
}
