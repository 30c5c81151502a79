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
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

@Timeout(60)
class FileUplinkTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final DeviceId MONITOR = DeviceId.parse("acme/monitor-7");

  private static final String LINE = "{\"id\":\"old\"}\n";
  private static final String CHANGED = "moved, removed or changed by somebody else";

  @TempDir private Path directory;

  private static Observation observation(String id, Reading reading) {
    return new Observation(id, MONITOR, "bedside-monitor", NOW.plusMillis(5), reading);
  }

  private static List<Observation> pack(String id) {
    return List.of(observation(id, Reading.quantity("147842", 72, "beat/min", NOW)));
  }

  /** The same of a device of its own, whose name is as long. */
  private static List<Observation> packOf(String id) {
    return pack(id).stream()
        .map(
            one ->
                new Observation(
                    id,
                    DeviceId.parse("acme/monitor-" + id),
                    one.role(),
                    one.received(),
                    one.reading()))
        .toList();
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

  private static FileUplink over(SimulatedFile file, int maxReadings, int maxBytes)
      throws IOException {
    return FileUplink.over(file, maxReadings, maxBytes, NOPLogger.NOP_LOGGER);
  }

  private static Reading named(String baseName, String name, double updateTime) {
    return new Reading(
        baseName,
        name,
        Optional.empty(),
        Optional.of(new Value.Flag(true)),
        OptionalDouble.empty(),
        NOW,
        OptionalDouble.of(updateTime));
  }

  private static String failure(CompletionStage<Void> stage) throws Exception {
    var failed =
        catchThrowableOfType(
            ExecutionException.class, () -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS));
    assertThat(failed.getCause())
        .isInstanceOfSatisfying(
            WardgateException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UPLINK_UNAVAILABLE));
    return failed.getCause().getMessage();
  }

  private static String refusal(Path file) {
    var refused = catchThrowableOfType(WardgateException.class, () -> FileUplink.open(file));
    assertThat(refused.reason()).isEqualTo(Reason.UPLINK_UNAVAILABLE);
    return refused.getMessage();
  }

  private static void writePrivate(Path file, String content) throws IOException {
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static List<String> ids(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceAll("^\\{\"id\":\"([^\"]+)\".*}$", "$1"))
        .toList();
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
                + "\"code\":\"volume\",\"value\":null,\"unit\":null,\"sum\":1.5,\"bn\":\"base:\"}\n");
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
    for (String torn :
        List.of("{", "{\"id\":\"x", "{\"id\":\"" + "x".repeat(20_000), "\0".repeat(900_000))) {
      for (String whole : List.of("", LINE + LINE)) {
        writePrivate(file, whole + torn);
        try (FileUplink uplink = FileUplink.open(file)) {
          assertThat(outcome(uplink.deliver(pack("1")))).isEmpty();
        }
        assertThat(Files.readString(file)).startsWith(whole + "{\"id\":\"1\"").endsWith("}\n");
      }
    }
  }

  @Test
  void refusesAFileThatIsNoneOfItsOwnAndLeavesItAsItIs() throws Exception {
    Path file = directory.resolve("notes.txt");
    for (String foreign :
        List.of(
            "remember the milk",
            "remember\nthe milk",
            "{}\n{}\n{\"id\":\"x",
            "0\u0082\n\u0000\n\u0001",
            "\0\0\0\0\0\0\0\0\n",
            "\0\0\0\0\0\0\0\0key",
            LINE + "remember the milk",
            LINE + "{\"id\":\"" + "x".repeat(TornLine.MAX_LINE_BYTES),
            LINE + "\0".repeat(TornLine.MAX_BYTES + 8192))) {
      writePrivate(file, foreign);
      assertThat(refusal(file)).contains("notes.txt: it ");
      assertThat(Files.readString(file)).isEqualTo(foreign);
    }
  }

  @Test
  @Provision("5.4-1")
  void refusesAFileThatOthersMayReadOrWrite() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    Files.writeString(file, LINE);
    for (String mode : List.of("rw-r--r--", "rw-r-----", "rw----r--", "rw--w----")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThat(refusal(file)).contains(mode, "owner only");
    }
    assertThat(Files.readString(file)).isEqualTo(LINE);
  }

  @Test
  void saysWhyItCannotOpen() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    writePrivate(file, LINE);
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertThat(refusal(directory)).endsWith(": it is a directory");
    assertThat(refusal(link)).endsWith(": it is a link");
    assertThat(refusal(Path.of("/dev/null"))).endsWith(": it is not a regular file");
    assertThat(refusal(directory.resolve("missing/readings.jsonl")))
        .endsWith(": its directory does not exist");
    try (FileUplink first = FileUplink.open(file)) {
      assertThat(outcome(first.deliver(pack("1")))).isEmpty();
      assertThat(refusal(file)).endsWith(": another writer in this program has it open");
    }
    assertThat(FileFailure.why(new AccessDeniedException("x"))).isEqualTo("permission denied");
    assertThat(FileFailure.why(new FileSystemException("x", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "asks /proc/locks")
  void aSecondWriterThatIsRefusedTakesNoLockAway() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    try (FileUplink first = FileUplink.open(file)) {
      assertThat(outcome(first.deliver(pack("1")))).isEmpty();
      String locks = Files.readString(Path.of("/proc/locks"));
      Path sameFile = Files.createLink(directory.resolve("another-name"), file);
      refusal(file);
      refusal(sameFile);
      assertThat(locks).contains(":" + Files.getAttribute(file, "unix:ino") + " ");
      assertThat(Files.readString(Path.of("/proc/locks")))
          .contains(":" + Files.getAttribute(file, "unix:ino") + " ");
    }
  }

  @Test
  void goesOnInANewFileAfterItsFileWasMovedOrRemoved() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    Path old = directory.resolve("readings.jsonl.1");
    try (FileUplink uplink = FileUplink.open(file)) {
      for (boolean moved : new boolean[] {true, false}) {
        assertThat(outcome(uplink.deliver(pack("before")))).isEmpty();
        if (moved) {
          Files.move(file, old);
        } else {
          Files.delete(file);
        }
        assertThat(failure(uplink.deliver(pack("between")))).contains(CHANGED);
        assertThat(outcome(uplink.deliver(pack("after")))).isEmpty();
        assertThat(ids(file)).containsExactly("after");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(ids(old)).containsExactly("before");
  }

  @Test
  void goesOnAtTheEndOfAFileThatWasTruncatedOrWrittenTo() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    try (FileUplink uplink = FileUplink.open(file)) {
      assertThat(outcome(uplink.deliver(pack("1")))).isEmpty();
      String line = Files.readString(file);
      Files.writeString(file, "{\"id\":\"foreign\"}\n", StandardOpenOption.APPEND);
      assertThat(failure(uplink.deliver(pack("2")))).contains(CHANGED);
      assertThat(outcome(uplink.deliver(pack("3")))).isEmpty();
      assertThat(ids(file)).containsExactly("1", "foreign", "3");

      truncate(file, line.length() + 5);
      assertThat(failure(uplink.deliver(pack("4")))).contains(CHANGED);
      assertThat(outcome(uplink.deliver(pack("5")))).isEmpty();
      assertThat(ids(file)).containsExactly("1", "5");

      truncate(file, 0);
      assertThat(failure(uplink.deliver(pack("6")))).contains(CHANGED);
      assertThat(outcome(uplink.deliver(pack("7")))).isEmpty();
      assertThat(ids(file)).containsExactly("7");
    }
  }

  @Test
  void takesNothingUntilWhatStandsInItsFilesPlaceIsAFileOfReadings() throws Exception {
    Path file = directory.resolve("readings.jsonl");
    try (FileUplink uplink = FileUplink.open(file)) {
      Files.delete(file);
      Files.createDirectory(file);
      assertThat(failure(uplink.deliver(pack("1")))).contains(CHANGED);
      assertThat(failure(uplink.deliver(pack("2")))).contains("it is a directory");
      Files.delete(file);
      writePrivate(file, "notes");
      assertThat(failure(uplink.deliver(pack("3")))).contains("not a file of readings");
      assertThat(Files.readString(file)).isEqualTo("notes");
      Files.delete(file);
      assertThat(outcome(uplink.deliver(pack("4")))).isEmpty();
    }
    assertThat(ids(file)).containsExactly("4");
  }

  @Test
  void acknowledgesNothingIfTheFileIsChangedWhileItIsForced() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    CountDownLatch release = file.holdForces();
    try (FileUplink uplink = over(file, 10, 10_000)) {
      CompletionStage<Void> stage = uplink.deliver(pack("1"));
      file.awaitForce();
      file.written(LINE.getBytes(UTF_8));
      release.countDown();
      assertThat(failure(stage)).contains(CHANGED);
      assertThat(file.isClosed()).isTrue();
      assertThat(outcome(uplink.deliver(pack("2")))).isEmpty();
    }
    assertThat(text(file)).contains(LINE + "{\"id\":\"2\"");
  }

  @Test
  void logsNoStackTraceWhenTheDiskIsFull() throws Exception {
    List<Object> logged = Collections.synchronizedList(new ArrayList<>());
    Logger log =
        (Logger)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> logged.addAll(List.of(arguments)));
    SimulatedFile file = new SimulatedFile(new byte[0]).failing(1, 100);
    try (FileUplink uplink = FileUplink.over(file, 10, 10_000, log)) {
      assertThat(failure(uplink.deliver(pack("1")))).contains("no space left");
    }
    assertThat(logged)
        .contains("java.io.IOException: no space left on simulated device")
        .noneMatch(Throwable.class::isInstance);
  }

  @Test
  void saysTheBaseNameBesideANameOfItsOwnAndTheUpdateTime() throws Exception {
    String longest = "b".repeat(ObservationLine.MAX_REPEATED_BASE_NAME);
    List<Observation> pack =
        List.of(
            observation("1", named("urn:dev:", "a", 60)),
            observation("2", named("urn:dev:", "", 0.5)),
            observation("3", named(longest, "a", 60)),
            observation("4", named(longest, "b", 60)),
            observation("5", named(longest + "b", "a", 60)),
            observation("6", named(longest + "b", "b", 60)));
    assertThat(new String(ObservationLine.of(pack), UTF_8).lines())
        .map(line -> line.replaceAll(".*\"code\":", ""))
        .containsExactly(
            "\"a\",\"value\":true,\"unit\":null,\"bn\":\"urn:dev:\",\"ut\":60}",
            "\"urn:dev:\",\"value\":true,\"unit\":null,\"ut\":0.5}",
            "\"a\",\"value\":true,\"unit\":null,\"bn\":\"" + longest + "\",\"ut\":60}",
            "\"b\",\"value\":true,\"unit\":null,\"bn\":\"" + longest + "\",\"ut\":60}",
            "\"a\",\"value\":true,\"unit\":null,\"bn\":\"" + longest + "b\",\"ut\":60}",
            "\"b\",\"value\":true,\"unit\":null,\"bnOf\":\"5\",\"ut\":60}");
  }

  @Test
  void repeatsNoBaseNameThatGrowsLongWhenItIsWritten() {
    String escaped = "\u0001".repeat(43);
    assertThat(linesOf(escaped.substring(1))).doesNotContain("bnOf");
    assertThat(linesOf(escaped)).containsOnlyOnce("\"bn\":").contains("\"bnOf\":\"1\"");
    assertThat(linesOf("\u4e2d".repeat(85))).doesNotContain("bnOf");
    assertThat(linesOf("\u4e2d".repeat(86))).contains("bnOf");
  }

  private static String linesOf(String baseName) {
    return new String(
        ObservationLine.of(
            List.of(
                observation("1", named(baseName, "a", 60)),
                observation("2", named(baseName, "b", 60)))),
        UTF_8);
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
    try (FileUplink uplink = over(file, 10, 10_000)) {
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
    try (FileUplink uplink = over(file, 1000, 1_000_000)) {
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
    int line = ObservationLine.of(packOf("1")).length;
    for (int[] bounds : new int[][] {{2, 10_000}, {100, 2 * line}}) {
      SimulatedFile file = new SimulatedFile(new byte[0]);
      CountDownLatch release = file.holdForces();
      try (FileUplink uplink = over(file, bounds[0], bounds[1])) {
        CompletionStage<Void> first = uplink.deliver(packOf("1"));
        file.awaitForce();
        CompletionStage<Void> second = uplink.deliver(packOf("2"));
        CompletionStage<Void> third = uplink.deliver(packOf("3"));

        assertThat(third.toCompletableFuture()).isDone();
        assertThat(outcome(third)).contains(Reason.OVERLOADED);
        release.countDown();
        assertThat(outcome(first)).isEmpty();
        assertThat(outcome(second)).isEmpty();
        assertThat(outcome(uplink.deliver(packOf("4")))).isEmpty();
      }
      assertThat(text(file)).doesNotContain("\"3\"");
    }
  }

  @Test
  @Provision("5.9-1")
  void aDeviceThatFloodsLeavesRoomForTheOthers() throws Exception {
    int line = ObservationLine.of(pack("1")).length;
    for (int[] bounds : new int[][] {{8, 100_000}, {1000, 8 * line}}) {
      SimulatedFile file = new SimulatedFile(new byte[0]);
      CountDownLatch release = file.holdForces();
      try (FileUplink uplink = over(file, bounds[0], bounds[1])) {
        List<CompletionStage<Void>> taken = new ArrayList<>();
        taken.add(uplink.deliver(pack("1")));
        file.awaitForce();
        taken.add(uplink.deliver(pack("2")));
        assertThat(outcome(uplink.deliver(pack("3")))).contains(Reason.OVERLOADED);
        for (int other = 1; other <= 6; other++) {
          taken.add(uplink.deliver(packOf("" + other)));
        }
        release.countDown();
        for (CompletionStage<Void> stage : taken) {
          assertThat(outcome(stage)).isEmpty();
        }
        assertThat(outcome(uplink.deliver(pack("4")))).isEmpty();
      }
    }
  }

  @Test
  void onePackMayBeMoreThanADevicesShare() throws Exception {
    try (FileUplink uplink = over(new SimulatedFile(new byte[0]), 4, 100_000)) {
      List<Observation> pack = Stream.of("1", "2", "3").flatMap(id -> pack(id).stream()).toList();
      assertThat(outcome(uplink.deliver(pack))).isEmpty();
    }
  }

  @Test
  void theWorstPackADecoderLetsThroughFits() throws Exception {
    SenmlDecoder.Limits limits = SenmlDecoder.Limits.DEFAULT;
    String worst = "\u4e2d".repeat(limits.maxNameLength());
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
                    OptionalDouble.of(-Math.E * 1e-300))));

    assertThat(2 * ObservationLine.of(pack).length).isLessThan(FileUplink.MAX_WAITING_BYTES);
    assertThat(2 * pack.size()).isLessThan(FileUplink.MAX_WAITING_READINGS);
  }

  @Test
  void whatFailsIsCutAwayAndTheNextTriesAgain() throws Exception {
    SimulatedFile file = new SimulatedFile(new byte[0]);
    try (FileUplink uplink = over(file, 10, 10_000)) {
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
    try (FileUplink uplink = over(file, 100, 100_000)) {
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
    FileUplink uplink = over(file, 1000, 1_000_000);
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
    FileUplink uplink = over(file, 10, 10_000);
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
          new SimulatedFile("{\"id\":\"old\"}\n{\"id\":\"torn".getBytes(UTF_8))
              .failing(cut, Integer.MAX_VALUE);
      List<String> acknowledged = deliverUntilThePowerIsCut(file);
      if (cut == 1) {
        SimulatedFile whole = new SimulatedFile("{\"id\":\"old\"}\n{\"id\":\"torn".getBytes(UTF_8));
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
      uplink = over(file, 100, 100_000);
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
    try (FileUplink uplink = over(file, 100, 100_000)) {
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
