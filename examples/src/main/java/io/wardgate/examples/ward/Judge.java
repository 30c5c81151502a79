// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares what sensors measured and intruders tried with what the gateway stored and told.
 *
 * <p>A reading is lost if the file does not hold it exactly as measured, as often as it was
 * measured. Only a reading of a sensor whose link was cut may be there more often: its
 * acknowledgement was lost, and it sends again. A device without a reading in the file is a fault,
 * and so are more or fewer intruders than {@value Verdict#INTRUDERS}. An intruder is refused if the
 * gateway told the expected reason, it got no answer of success, and nothing of it is in the file.
 * What the file holds and nobody measured is a fault too.
 */
final class Judge {

  private static final int MOST_FAULTS_PER_KIND = 5;

  private Judge() {}

  static Verdict judge(
      List<Post> posts, List<Measured> measured, List<Measured> stored, List<Attempt> attempts) {
    Map<Measured, Integer> left = counted(stored);
    List<String> faults = new ArrayList<>();
    Set<String> heard = devices(stored);
    tellSilent(posts, heard, faults);
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
    Set<String> away = away(posts);
    List<Measured> strange = new ArrayList<>();
    List<Measured> repeated = new ArrayList<>();
    long again = 0;
    for (Map.Entry<Measured, Integer> entry : left.entrySet()) {
      if (entry.getValue() > 0) {
        if (!known.containsKey(entry.getKey())) {
          strange.add(entry.getKey());
        } else if (away.contains(entry.getKey().device())) {
          again += entry.getValue();
        } else {
          repeated.add(entry.getKey());
        }
      }
    }
    tell("stored, but measured by nobody", strange, faults);
    tell("stored more often than measured, without a cut link", repeated, faults);
    if (attempts.size() != Verdict.INTRUDERS) {
      faults.add(attempts.size() + " intruders tried, not " + Verdict.INTRUDERS);
    }
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
        heard.size(),
        measured.size() - lost.size(),
        lost.size(),
        refused,
        attempts.size(),
        again,
        faults);
  }

  private static Set<String> devices(Collection<Measured> readings) {
    return readings.stream().map(Measured::device).collect(Collectors.toSet());
  }

  private static Set<String> away(List<Post> posts) {
    return posts.stream()
        .filter(Post::isAway)
        .map(post -> post.device().toString())
        .collect(Collectors.toSet());
  }

  private static void tellSilent(List<Post> posts, Set<String> heard, List<String> faults) {
    posts.stream()
        .map(post -> post.device().toString())
        .filter(device -> !heard.contains(device))
        .forEach(device -> faults.add("silent: " + device));
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
    // In the order of the file, so that faults are told as they came.
    Map<Measured, Integer> counts = new LinkedHashMap<>();
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
