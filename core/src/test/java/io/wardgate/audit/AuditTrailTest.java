// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.Refusals;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.keys.StateKeys;
import io.wardgate.state.Loss;
import io.wardgate.state.Standing;
import io.wardgate.state.StateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AuditTrailTest {

  @TempDir private Path state;
  private final ObedientClock clock = ObedientClock.at("2026-11-23T12:00:00Z");
  private final SecureRandom random = new SecureRandom();
  private final StateKeys keys = StateKeys.generate(clock, random);
  private AuditTrail trail;

  @BeforeEach
  void create() throws Exception {
    trail = AuditTrail.create(state, keys, clock, random);
  }

  private void open() throws Exception {
    trail = AuditTrail.open(state, keys, clock, random);
  }

  @AfterEach
  void close() {
    trail.close();
  }

  @Test
  void keepsEventsInOrderAcrossRestarts() throws Exception {
    record(started());
    trail.close();
    open();
    record(refused("192.0.2.7:1"));

    assertThat(exported(AuditFormat.JSON_LINES))
        .satisfiesExactly(
            line -> assertThat(line).contains("\"kind\":\"gateway-started\""),
            line ->
                assertThat(line)
                    .contains("\"source\":\"192.0.2.7:1\"", "\"reason\":\"unknown-authority\""));
    assertThat(trail.report().standing()).isEqualTo(Standing.SOUND);
    assertThat(trail.lost()).isZero();
  }

  @Test
  void verifyReadsWhatAGatewayIsWriting() throws Exception {
    record(started());
    record(refused("192.0.2.7:1"));

    StateReport report = AuditTrail.verify(state, keys, clock, random);

    assertThat(report.standing()).isEqualTo(Standing.SOUND);
    assertThat(report.records()).isEqualTo(2);
    assertThat(report.headHash()).isNotEqualTo(StateReport.NO_HASH);
    record(refused("192.0.2.7:2"));
    assertThat(AuditTrail.verify(state, keys, clock, random).records()).isEqualTo(3);
  }

  @Test
  void aFloodKeepsItsFirstEventsAndTheNumberOfTheRestWhenItEnds() throws Exception {
    for (int i = 0; i < 412; i++) {
      record(refused("192.0.2.7:" + i));
    }
    clock.advance(Duration.ofSeconds(30));
    record(refused("192.0.2.7:9999"));

    List<String> lines = exported(AuditFormat.rfc5424("-"));
    assertThat(lines).hasSize(102);
    assertThat(lines.get(99)).contains("source=\"192.0.2.7:99\"");
    assertThat(lines.get(100))
        .contains("events-suppressed")
        .contains("source=\"312 peer-refused unknown-authority\"");
    assertThat(lines.get(101)).contains("source=\"192.0.2.7:9999\"");
  }

  @Test
  void whatAFloodLeftOutIsToldWhenTheTrailIsClosed() throws Exception {
    for (int i = 0; i < 101; i++) {
      record(refused("192.0.2.7:" + i));
    }
    trail.close();

    assertThat(exported(AuditFormat.JSON_LINES))
        .hasSize(101)
        .last()
        .asString()
        .contains("\"source\":\"1 peer-refused unknown-authority\"");
  }

  @Test
  void anAlertIsKeptHoweverManyThereWere() throws Exception {
    for (int i = 0; i < 300; i++) {
      record(alert());
    }
    assertThat(exported(AuditFormat.JSON_LINES)).hasSize(300);
  }

  @Test
  void whatCannotBeWrittenIsCountedAndFailsItsStageOnly() {
    trail.close();

    assertThat(Refusals.reasonOf(trail.record(started()))).isEqualTo(Reason.CLOSED);
    assertThat(trail.lost()).isEqualTo(1);
  }

  @Test
  @Provision("5.4-1")
  void aStolenTrailTellsNothing() throws Exception {
    record(SecurityEvent.info(clock.instant(), "session-opened", DeviceId.of("pump-4711"), "home"));
    trail.close();

    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .doesNotContain("pump-4711")
            .doesNotContain("session-opened");
      }
    }
  }

  @Test
  void aTrailCutAtTheEndIsReportedUntilAnOperatorAcceptsIt() throws Exception {
    for (int i = 0; i < 20; i++) {
      record(refused("192.0.2.7:" + i));
    }
    trail.close();
    Path segment = lastSegment();
    byte[] whole = Files.readAllBytes(segment);
    Files.write(segment, java.util.Arrays.copyOf(whole, whole.length / 2));

    StateReport found = AuditTrail.verify(state, keys, clock, random);
    assertThat(found.standing()).isEqualTo(Standing.ROLLED_BACK);
    assertThat(found.losses()).extracting(Loss::cause).contains(Loss.Cause.CUT);

    open();
    assertThat(trail.report().standing()).isEqualTo(Standing.ROLLED_BACK);
    trail.accept().toCompletableFuture().join();
    assertThat(trail.report().standing()).isEqualTo(Standing.SOUND);
    record(started());
    trail.close();
    StateReport after = AuditTrail.verify(state, keys, clock, random);
    assertThat(after.standing()).isEqualTo(Standing.SOUND);
    assertThat(after.accepted()).isNotEmpty();
  }

  @Test
  void anExportOfADamagedTrailHoldsWhatIsSound() throws Exception {
    for (int i = 0; i < 20; i++) {
      record(refused("192.0.2.7:" + i));
    }
    trail.close();
    Path segment = lastSegment();
    byte[] damaged = Files.readAllBytes(segment);
    damaged[damaged.length / 2] ^= 1;
    Files.write(segment, damaged);

    StringBuilder out = new StringBuilder();
    StateReport report = AuditTrail.export(state, keys, clock, random, AuditFormat.JSON_LINES, out);

    assertThat(report.standing()).isEqualTo(Standing.DAMAGED);
    assertThat(report.losses()).isNotEmpty();
    assertThat(out.toString().lines()).hasSizeBetween(15, 19);
  }

  private Path lastSegment() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("audit"))) {
      return files.sorted().reduce((a, b) -> b).orElseThrow();
    }
  }

  private void record(SecurityEvent event) {
    trail.record(event).toCompletableFuture().join();
  }

  private List<String> exported(AuditFormat format) throws Exception {
    StringBuilder out = new StringBuilder();
    AuditTrail.export(state, keys, clock, random, format, out);
    return out.toString().lines().toList();
  }

  private SecurityEvent started() {
    return SecurityEvent.info(clock.instant(), SecurityEvent.GATEWAY_STARTED, null, "local");
  }

  private SecurityEvent alert() {
    return SecurityEvent.alert(
        clock.instant(), SecurityEvent.STATE_DAMAGED, "ledger", Reason.STATE_DAMAGED);
  }

  private SecurityEvent refused(String source) {
    return SecurityEvent.refusal(
        clock.instant(), SecurityEvent.PEER_REFUSED, null, source, Reason.UNKNOWN_AUTHORITY);
  }
}
