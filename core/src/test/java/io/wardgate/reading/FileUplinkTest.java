// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileUplinkTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final DeviceId MONITOR = DeviceId.parse("acme/monitor-7");

  @TempDir private Path directory;

  private static Observation observation(String id, Reading reading) {
    return new Observation(id, MONITOR, "bedside-monitor", NOW.plusMillis(5), reading);
  }

  private static List<Observation> pack(String id) {
    return List.of(observation(id, Reading.quantity("147842", 72, "beat/min", NOW)));
  }

  private static Optional<Reason> outcome(CompletionStage<Void> stage) throws Exception {
    try {
      stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WardgateException refused) {
        return Optional.of(refused.reason());
      }
      throw e;
    }
  }

  private static String text(SimulatedFile file) {
    return new String(file.content(), UTF_8);
  }

  @Test
  void writesOneLinePerReadingWithTheNamesAndOrderOfItsContract() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    WaveformBlock wave = new WaveformBlock(Duration.ofMillis(4), 1, 0, new short[] {1});
    try (FileUplink uplink = FileUplink.open(file)) {
      assertThat(
              outcome(
                  uplink.deliver(
                      List.of(
                          observation("a-1", Reading.quantity("150456", 97.5, "%", NOW)),
                          observation(
                              "a-2",
                              Reading.of("zone", Optional.empty(), new Value.Text("\n\"é"), NOW)),
                          observation(
                              "a-3",
                              Reading.of("lead-off", Optional.empty(), new Value.Flag(true), NOW)),
                          observation("a-4", Reading.waveform("131330", wave, "mV", NOW)),
                          observation(
                              "a-5",
                              new Reading(
                                  "base:",
                                  "volume",
                                  Optional.empty(),
                                  Optional.empty(),
                                  OptionalDouble.of(1.5),
                                  NOW.minusNanos(1000),
                                  OptionalDouble.empty()))))))
          .isEmpty();
    }

    String who =
        "\"device\":\"acme/monitor-7\",\"role\":\"bedside-monitor\","
            + "\"received\":\"2026-11-23T12:00:00.005Z\",\"time\":\"2026-11-23T12:00:00Z\",";
    assertThat(Files.readString(file))
        .isEqualTo(
            "{\"id\":\"a-1\","
                + who
                + "\"code\":\"150456\",\"value\":97.5,\"unit\":\"%\"}\n"
                + "{\"id\":\"a-2\","
                + who
                + "\"code\":\"zone\",\"value\":\"\\n\\\"é\",\"unit\":null}\n"
                + "{\"id\":\"a-3\","
                + who
                + "\"code\":\"lead-off\",\"value\":true,\"unit\":null}\n"
                + "{\"id\":\"a-4\","
                + who
                + "\"code\":\"131330\",\"value\":\"AQAAD6A_gAAAAAAAAAABAAE\",\"unit\":\"mV\"}\n"
                + "{\"id\":\"a-5\","
                + who.replace("12:00:00Z", "11:59:59.999999Z")
                + "\"code\":\"volume\",\"value\":null,\"unit\":null,\"sum\":1.5}\n");
  }

  @Test
  @Provision("5.4-1")
  void createsAFileForItsOwnerOnlyAndAppendsToOneThatIsThere() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    for (String id : List.of("1", "2")) {
      try (FileUplink uplink = FileUplink.open(file)) {
        assertThat(outcome(uplink.deliver(pack(id)))).isEmpty();
      }
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void cutsOffALineThatAPowerCutLeftHalfWritten() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    for (String torn : List.of("{\"id\":\"x", "x".repeat(20_000), "\0\0\0")) {
      Files.writeString(file, "{}\n{}\n" + torn);
      try (FileUplink uplink = FileUplink.open(file)) {
        assertThat(outcome(uplink.deliver(pack("1")))).isEmpty();
      }
      assertThat(Files.readString(file)).startsWith("{}\n{}\n{\"id\":\"1\"").endsWith("}\n");
    }
  }

  @Test
  void refusesASecondWriterALinkADirectoryAndAMissingFolder() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    try (FileUplink first = FileUplink.open(file)) {
      assertThat(outcome(first.deliver(pack("1")))).isEmpty();
      for (Path wrong :
          List.of(file, link, directory, directory.resolve("missing/readings.jsonl"))) {
        var refused = catchThrowableOfType(WardgateException.class, () -> FileUplink.open(wrong));
        assertThat(refused.reason()).isEqualTo(Reason.UPLINK_UNAVAILABLE);
      }
    }
    try (FileUplink again = FileUplink.open(file)) {
      assertThat(outcome(again.deliver(pack("2")))).as("free after close").isEmpty();
    }
  }

  @Test
  void aStageCompletesOnlyAfterTheForce() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    CountDownLatch release = file.holdForces();
    try (FileUplink uplink = FileUplink.over(file, 10, 10_000)) {
      CompletableFuture<Void> stage = uplink.deliver(pack("1")).toCompletableFuture();
      file.awaitForce();

      assertThat(text(file)).contains("\"1\"");
      assertThat(stage).isNotDone();
      release.countDown();
      assertThat(outcome(stage)).isEmpty();
    }
  }

  @Test
  void oneForceServesAllThatWaited() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    CountDownLatch release = file.holdForces();
    List<CompletionStage<Void>> stages = new ArrayList<>();
    try (FileUplink uplink = FileUplink.over(file, 1000, 1_000_000)) {
      stages.add(uplink.deliver(pack("0")));
      file.awaitForce();
      for (int i = 1; i < 100; i++) {
        stages.add(uplink.deliver(pack("" + i)));
      }
      release.countDown();
      for (CompletionStage<Void> stage : stages) {
        assertThat(outcome(stage)).isEmpty();
      }
    }

    assertThat(file.forces()).isEqualTo(2);
    assertThat(text(file).lines()).hasSize(100);
  }

  @Test
  void isOverloadedAtOnceBeyondEitherBoundAndFreeAgainAfterwards() throws Exception {
    int line = ObservationLine.of(pack("1")).length;
    for (int[] bounds : new int[][] {{2, 10_000}, {100, 2 * line}}) {
      SimulatedFile file = new SimulatedFile(new byte[0]);
      CountDownLatch release = file.holdForces();
      try (FileUplink uplink = FileUplink.over(file, bounds[0], bounds[1])) {
        CompletionStage<Void> first = uplink.deliver(pack("1"));
        file.awaitForce();
        CompletionStage<Void> second = uplink.deliver(pack("2"));
        CompletionStage<Void> third = uplink.deliver(pack("3"));

        assertThat(third.toCompletableFuture()).isDone();
        assertThat(outcome(third)).contains(Reason.OVERLOADED);
        release.countDown();
        assertThat(outcome(first)).isEmpty();
        assertThat(outcome(second)).isEmpty();
        assertThat(outcome(uplink.deliver(pack("4")))).isEmpty();
      }
      assertThat(text(file)).doesNotContain("\"3\"");
    }
  }

  @Test
  void theWorstPackADecoderLetsThroughFits() throws Exception {
    SenmlDecoder.Limits limits = SenmlDecoder.Limits.DEFAULT;
    String worst = "\u0001".repeat(limits.maxNameLength());
    List<Observation> pack =
        Collections.nCopies(
            limits.maxRecords(),
            observation(
                "x".repeat(64),
                new Reading(
                    worst,
                    "",
                    Optional.of(worst),
                    Optional.of(new Value.Text("\u0001".repeat(limits.maxBytes() / 1024))),
                    OptionalDouble.of(Math.PI),
                    NOW,
                    OptionalDouble.empty())));

    assertThat(2 * ObservationLine.of(pack).length).isLessThan(FileUplink.MAX_WAITING_BYTES);
    assertThat(2 * pack.size()).isLessThan(FileUplink.MAX_WAITING_READINGS);
  }

  @Test
  void whatFailsIsCutAwayAndTheNextTriesAgain() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    try (FileUplink uplink = FileUplink.over(file, 10, 10_000)) {
      assertThat(outcome(uplink.deliver(pack("first")))).isEmpty();
      int calls = file.calls();
      // The second write and the truncation after it.
      file.failing(calls + 2, calls + 3);
      assertThat(outcome(uplink.deliver(pack("second")))).contains(Reason.UPLINK_UNAVAILABLE);
      assertThat(text(file)).contains("second");
      assertThat(outcome(uplink.deliver(pack("third")))).isEmpty();
    }

    assertThat(text(file).lines()).hasSize(2);
    assertThat(text(file)).contains("first", "third").doesNotContain("second");
  }

  @Test
  void aFailedForceFailsEveryStageOfItsGroup() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    CountDownLatch release = file.holdForces();
    try (FileUplink uplink = FileUplink.over(file, 10, 10_000)) {
      CompletionStage<Void> first = uplink.deliver(pack("1"));
      file.awaitForce();
      List<CompletionStage<Void>> group =
          List.of(uplink.deliver(pack("2")), uplink.deliver(pack("3")));
      int length = ObservationLine.of(pack("2")).length * 2;
      int writes = (length + 89) / 90;
      file.failing(file.calls() + 1 + writes + 1, file.calls() + 1 + writes + 1);
      release.countDown();

      assertThat(outcome(first)).isEmpty();
      for (CompletionStage<Void> stage : group) {
        assertThat(outcome(stage)).contains(Reason.UPLINK_UNAVAILABLE);
      }
    }
    assertThat(text(file).lines()).hasSize(1);
  }

  @Test
  void closeWritesWhatWaitsAndThenTakesNothing() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    FileUplink uplink = FileUplink.over(file, 1000, 1_000_000);
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      stages.add(uplink.deliver(pack("" + i)));
    }
    uplink.close();
    uplink.close();

    assertThat(file.isClosed()).isTrue();
    assertThat(stages).allMatch(stage -> stage.toCompletableFuture().isDone());
    assertThat(text(file).lines()).hasSize(100);
    assertThat(outcome(uplink.deliver(pack("late")))).contains(Reason.UPLINK_UNAVAILABLE);
  }

  @Test
  void aChainedStageMayCloseTheUplinkItCameFrom() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    FileUplink uplink = FileUplink.over(file, 10, 10_000);
    CountDownLatch release = file.holdForces();
    CompletionStage<Void> stage = uplink.deliver(pack("1")).thenRun(uplink::close);
    release.countDown();

    assertThat(outcome(stage)).isEmpty();
    uplink.close();
    assertThat(file.isClosed()).isTrue();
  }

  @Test
  void nothingAcknowledgedIsMissingWhereverThePowerIsCut() throws Exception {
    int calls = 0;
    for (int cut = 1; cut <= calls + 1; cut++) {
      SimulatedFile file =
          new SimulatedFile("{\"id\":\"old\"}\n{\"torn".getBytes(UTF_8))
              .failing(cut, Integer.MAX_VALUE);
      List<String> acknowledged = deliverUntilThePowerIsCut(file);
      if (cut == 1) {
        SimulatedFile whole = new SimulatedFile("{\"id\":\"old\"}\n{\"torn".getBytes(UTF_8));
        assertThat(deliverUntilThePowerIsCut(whole)).hasSize(7);
        calls = whole.calls();
      }
      for (byte[] left :
          List.of(file.content(), file.leastAfterPowerCut(), file.zerosAfterPowerCut())) {
        assertAllThereAfterRestart(left, acknowledged, cut);
      }
    }
    assertThat(calls).isEqualTo(20);
  }

  private static List<String> deliverUntilThePowerIsCut(SimulatedFile file) throws Exception {
    List<String> acknowledged = new ArrayList<>(List.of("old"));
    FileUplink uplink;
    try {
      uplink = FileUplink.over(file, 100, 100_000);
    } catch (IOException e) {
      return acknowledged;
    }
    try (uplink) {
      for (int i = 0; i < 6; i++) {
        if (outcome(uplink.deliver(pack("new-" + i))).isEmpty()) {
          acknowledged.add("new-" + i);
        }
      }
    }
    return acknowledged;
  }

  private static void assertAllThereAfterRestart(byte[] left, List<String> acknowledged, int cut)
      throws Exception {
    SimulatedFile file = new SimulatedFile(left);
    try (FileUplink uplink = FileUplink.over(file, 100, 100_000)) {
      assertThat(outcome(uplink.deliver(pack("after")))).isEmpty();
    }
    List<String> ids =
        text(file)
            .lines()
            .map(line -> line.replaceAll("^\\{\"id\":\"([^\"]+)\".*}$", "$1"))
            .toList();
    assertThat(ids).as("power cut at call %d", cut).containsSubsequence(acknowledged);
    assertThat(ids).last().isEqualTo("after");
    assertThat(ids).as("only whole lines").allMatch(id -> id.matches("old|after|new-\\d"));
  }
}
