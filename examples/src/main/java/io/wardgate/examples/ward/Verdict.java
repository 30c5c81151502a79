// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import java.util.List;

/**
 * How a run ended.
 *
 * @param devices how many sensors took part
 * @param readings readings stored exactly as measured
 * @param lost readings measured and not stored so
 * @param refused intruders refused for the right reason and with nothing accepted
 * @param intruders intruders in all
 * @param again copies that a repetition left in the file; allowed
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

  /** Copies the list. */
  Verdict {
    faults = List.copyOf(faults);
  }

  int exitCode() {
    return faults.isEmpty() && lost == 0 && refused == intruders ? 0 : 1;
  }

  /** The last line of a run; a contract. */
  String lastLine() {
    return "ward: devices=%d readings=%d lost=%d refused=%d/%d"
        .formatted(devices, readings, lost, refused, intruders);
  }
}
