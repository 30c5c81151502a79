// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what sensors measured and intruders tried with what the gateway stored and told.
 *
 * <p>A reading is lost if the file does not hold it exactly as measured, as often as it was
 * measured. It may be there more often: a sensor whose acknowledgement was lost sends again. An
 * intruder is refused if the gateway told the expected reason, it got no answer of success, and
 * nothing of it is in the file. What the file holds and nobody measured is a fault too.
 */
final class Judge {

  private static final int MOST_FAULTS_PER_KIND = 5;

  private Judge() {}

  static Verdict judge(
      int devices, List<Measured> measured, List<Measured> stored, List<Attempt> attempts) {
    Map<Measured, Integer> left = counted(stored);
    List<String> faults = new ArrayList<>();
    List<Measured> lost = new ArrayList<>();
    for (Measured reading : measured) {
      int copies = left.getOrDefault(reading, 0);
      if (copies == 0) {
        lost.add(reading);
      } else {
        left.put(reading, copies - 1);
      }
    }
    tell("lost", lost, faults);
    Map<Measured, Integer> known = counted(measured);
    List<Measured> strange = new ArrayList<>();
    long again = 0;
    for (Map.Entry<Measured, Integer> entry : left.entrySet()) {
      if (known.containsKey(entry.getKey())) {
        again += entry.getValue();
      } else {
        strange.add(entry.getKey());
      }
    }
    tell("stored, but measured by nobody", strange, faults);
    int refused = 0;
    for (Attempt attempt : attempts) {
      String fault = fault(attempt, stored);
      if (fault.isEmpty()) {
        refused++;
      } else {
        faults.add(attempt.name() + ": " + fault);
      }
    }
    return new Verdict(
        devices,
        measured.size() - lost.size(),
        lost.size(),
        refused,
        attempts.size(),
        again,
        faults);
  }

  private static String fault(Attempt attempt, Collection<Measured> stored) {
    if (attempt.answered()) {
      return "answered with success";
    }
    if (stored.stream().anyMatch(reading -> reading.code().equals(attempt.marker()))) {
      return "its reading was stored";
    }
    if (attempt.told().isEmpty()) {
      return "the gateway told no " + attempt.expected().code();
    }
    return attempt.told().get() == attempt.expected()
        ? ""
        : "told as " + attempt.told().get().code() + ", not " + attempt.expected().code();
  }

  private static Map<Measured, Integer> counted(Collection<Measured> readings) {
    Map<Measured, Integer> counts = new HashMap<>();
    readings.forEach(reading -> counts.merge(reading, 1, Integer::sum));
    return counts;
  }

  private static void tell(String what, List<Measured> readings, List<String> faults) {
    readings.stream()
        .limit(MOST_FAULTS_PER_KIND)
        .forEach(reading -> faults.add(what + ": " + reading));
    if (readings.size() > MOST_FAULTS_PER_KIND) {
      faults.add(what + ": " + (readings.size() - MOST_FAULTS_PER_KIND) + " more");
    }
  }
}
