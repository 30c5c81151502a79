// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import java.util.List;

/**
 * How a run ended.
 *
 * @param devices how many devices have readings in the file
 * @param readings readings stored exactly as measured
 * @param lost readings measured and not stored so
 * @param refused intruders refused for the right reason and with nothing accepted
 * @param intruders intruders in all
 * @param again copies that a repetition over the cut link left in the file; allowed
 * @param faults one line for each thing that must not be; empty if all is well
 */
record Verdict(
    int devices,
    long readings,
    long lost,
    int refused,
    int intruders,
    long again,
    List<String> faults) {

  /** A run with fewer or more shows nothing of the others. */
  static final int INTRUDERS = 4;

  /** Copies the list. */
  Verdict {
    faults = List.copyOf(faults);
  }

  /** 0 only if something was shown: nothing lost of nothing is no success. */
  int exitCode() {
    boolean kept = readings > 0 && lost == 0;
    boolean guarded = intruders == INTRUDERS && refused == INTRUDERS;
    return faults.isEmpty() && kept && guarded ? 0 : 1;
  }

  /** The last line of a run; a contract. */
  String lastLine() {
    return "ward: devices=%d readings=%d lost=%d refused=%d/%d"
        .formatted(devices, readings, lost, refused, intruders);
  }
}
