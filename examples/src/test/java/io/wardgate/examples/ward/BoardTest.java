// SPDX-License-Identifier: Apache-2.0
package io.wardgate.examples.ward;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.reading.Reading;
import io.wardgate.testkit.simulator.SimulatedSensor;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the table looks like. */
class BoardTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private final Board board = new Board(ZoneOffset.UTC);

  @Test
  void fitsAHundredColumnsAndTwentyFourLines() {
    List<Board.Row> rows = new ArrayList<>();
    for (Post post : Post.ALL) {
      LastValues values = new LastValues(afterAMinute(post));
      rows.add(row(post.device(), post.role().name(), values.phrases(), values.extras()));
    }
    List<SecurityEvent> events =
        Stream.of(Reason.values())
            .map(
                reason ->
                    SecurityEvent.refusal(
                        NOON, SecurityEvent.PEER_REFUSED, null, "255.255.255.255:65535", reason))
            .toList();
    Attempt attempt =
        new Attempt(
            "glucose sensor as pump",
            "intruder-4",
            Reason.ROLE_NOT_ALLOWED,
            Optional.of(Reason.ROLE_NOT_ALLOWED),
            false);

    List<String> lines =
        board.lines("title", rows, events, List.of(attempt, attempt, attempt, attempt));

    assertThat(lines).hasSizeLessThan(24);
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  @Test
  void showsAReadingInTheUnitCliniciansRead() {
    LastValues cuff = new LastValues(afterAMinute(post("cuff-01")));
    assertThat(cuff.phrases()).singleElement().asString().matches("NIBP \\d+/\\d+ \\(\\d+\\) mmHg");
    assertThat(new LastValues(afterAMinute(post("glucose-01"))).phrases())
        .singleElement()
        .asString()
        .matches("glucose \\d+ mg/dL");
  }

  @Test
  void showsWhoWasRefusedAndWhy() {
    SecurityEvent event =
        SecurityEvent.refusal(
            NOON,
            SecurityEvent.REQUEST_REFUSED,
            DeviceId.of("glucose-66"),
            "session",
            Reason.ROLE_NOT_ALLOWED);

    assertThat(board.lines("title", List.of(), List.of(event), List.of()))
        .last()
        .asString()
        .startsWith("12:00:00  request-refused  glucose-66             role-not-allowed: ");
  }

  @Test
  void showsADashForADeviceThatHasSaidNothing() {
    Board.Row silent =
        new Board.Row(
            DeviceId.of("ecg-01"),
            "ecg-patch",
            "X.509",
            List.of(),
            List.of(),
            Optional.empty(),
            0,
            0);

    assertThat(board.lines("title", List.of(silent), List.of(), List.of()).get(2))
        .matches("ecg-01 +ecg-patch +X\\.509 +- +0 +0");
  }

  private static Post post(String device) {
    return Post.ALL.stream()
        .filter(post -> post.device().serial().equals(device))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Reading> afterAMinute(Post post) {
    Map<String, Reading> latest = new HashMap<>();
    SimulatedSensor.of(post.kind(), 1)
        .hurriedBy(post.timeFactor())
        .advance(Duration.ofMinutes(1))
        .forEach(sample -> latest.put(sample.code(), Samples.reading(sample, NOON)));
    return latest;
  }

  private static Board.Row row(
      DeviceId device, String role, List<String> values, List<String> extras) {
    return new Board.Row(
        device, role, "X.509", values, extras, Optional.of(Duration.ofSeconds(59)), 10, 99_999);
  }
}
