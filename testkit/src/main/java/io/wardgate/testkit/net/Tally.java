// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts outcomes per direction; written by one thread, read by any. */
final class Tally {

  private final Map<Direction, Map<Outcome, LongAdder>> counts = new EnumMap<>(Direction.class);

  Tally() {
    for (Direction direction : Direction.values()) {
      Map<Outcome, LongAdder> row = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        row.put(outcome, new LongAdder());
      }
      counts.put(direction, row);
    }
  }

  void add(Direction direction, Outcome outcome) {
    adder(direction, outcome).increment();
  }

  long of(Direction direction, Outcome outcome) {
    return adder(direction, outcome).sum();
  }

  private LongAdder adder(Direction direction, Outcome outcome) {
    Map<Outcome, LongAdder> row = counts.get(direction);
    LongAdder adder = row == null ? null : row.get(outcome);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + direction + " " + outcome);
    }
    return adder;
  }
}
