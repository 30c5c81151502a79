// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Campaign;
import io.wardgate.fixtures.ChildJvm;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real process on a real disk is killed with SIGKILL: what it had acknowledged is there. */
@Tag("long")
class JournalKillTest {

  /** More than any round reads before it kills. */
  private static final int RECORDS = 2000;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  @Provision("5.9-1")
  void kill9LosesNothingAcknowledged() throws Exception {
    Victim.prepare(folder);
    Random random = new Random(20261125);
    Map<Long, String> acknowledged = new HashMap<>();
    int rounds = Campaign.rounds(10, 500);
    long all = 0;
    for (int round = 0; round < rounds; round++) {
      Map<Long, String> fresh = killAfter(random.nextInt(300), "round" + round);
      all += fresh.size();
      acknowledged.putAll(fresh);
      requireAll(acknowledged);
    }
    assertThat(all).isGreaterThan(100);
    Campaign.tell("journal, kill -9: rounds=%d acknowledged=%d lost=0".formatted(rounds, all));
  }

  @ParameterizedTest
  @NeedsPeer("strace")
  @CsvSource({"openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "unlink"})
  void sigkillAtAnySystemCallLosesNothingAcknowledged(String call) throws Exception {
    Victim.prepare(folder);
    Map<Long, String> acknowledged = new HashMap<>();
    int calls = Campaign.rounds(1, 20);
    for (int nth = 1; nth <= calls; nth++) {
      String when =
          call.equals("openat") || call.equals("write") ? ":when=" + (nth * 37) : ":when=" + nth;
      Peer.Outcome outcome =
          Peer.of("strace", "-f", "-qq", "-o", "/dev/null", "--seccomp-bpf", "-e", "trace=" + call)
              .with("-e", "inject=" + call + ":signal=SIGKILL" + when)
              .with(victim(call + nth, 100).toArray(new String[0]))
              .run(PATIENCE);
      assertThat(outcome.timedOut()).isFalse();
      outcome.stdout().lines().forEach(line -> note(line, acknowledged));
      requireAll(acknowledged);
    }
    Campaign.tell("journal, SIGKILL at the n-th %s: n=1..%d lost=0".formatted(call, calls));
  }

  /** What a victim acknowledged before it was killed, {@code lines} lines into its work. */
  private Map<Long, String> killAfter(int lines, String name) throws IOException {
    List<String> said = ChildJvm.killedAfter(lines + 1, victim(name, RECORDS));
    assertThat(said).as("it was at work").startsWith("ready").doesNotContain("done");
    Map<Long, String> acknowledged = new HashMap<>();
    said.forEach(line -> note(line, acknowledged));
    return acknowledged;
  }

  private List<String> victim(String name, int records) {
    return ChildJvm.command(Victim.class, folder.toString(), name, Integer.toString(records));
  }

  private static void note(String line, Map<Long, String> acknowledged) {
    String[] words = line.split(" ", -1);
    if (words.length == 3 && words[0].equals("ack")) {
      acknowledged.put(Long.parseLong(words[1]), words[2]);
    }
  }

  /** The oldest may be dropped by the limit; from the first that is there on, all must be. */
  private void requireAll(Map<Long, String> acknowledged) throws Exception {
    Map<Long, String> there = new HashMap<>();
    StateReport report =
        Journal.read(
            Victim.place(folder), record -> there.put(record.sequence(), TestJournal.text(record)));
    assertThat(report.standing()).as("%s", report).isEqualTo(Standing.SOUND);
    long oldest = there.keySet().stream().mapToLong(Long::longValue).min().orElse(0);
    acknowledged.keySet().removeIf(sequence -> sequence < oldest);
    assertThat(there).containsAllEntriesOf(acknowledged);
  }
}
