// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent.Severity;
import io.wardgate.cbor.CborWriter;
import io.wardgate.fixtures.Provision;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditEntryTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");

  private static List<AuditEntry> everyShape() {
    return List.of(
        AuditEntry.of(SecurityEvent.info(NOW, SecurityEvent.GATEWAY_STARTED, null, "local")),
        AuditEntry.of(
            SecurityEvent.info(
                NOW,
                SecurityEvent.SESSION_OPENED,
                new DeviceId("n".repeat(63), "S".repeat(64)),
                "192.0.2.7:40112")),
        AuditEntry.of(
            SecurityEvent.refusal(
                NOW, SecurityEvent.PEER_REFUSED, null, "", Reason.UNKNOWN_AUTHORITY)),
        AuditEntry.of(
            new SecurityEvent(
                NOW,
                "k".repeat(64),
                Severity.ALERT,
                Optional.of(DeviceId.of("pump-1")),
                "s".repeat(128),
                Optional.of(Reason.CERTIFICATE_SERIAL_ALREADY_ISSUED))));
  }

  @Test
  void whatIsWrittenReadsTheSame() throws Exception {
    for (AuditEntry entry : everyShape()) {
      assertThat(AuditEntry.parse(entry.toBytes())).isEqualTo(entry);
    }
  }

  @Test
  @Provision("5.13-1A")
  void refusesEveryTruncation() {
    for (AuditEntry entry : everyShape()) {
      byte[] whole = entry.toBytes();
      for (int length = 0; length < whole.length; length++) {
        byte[] truncated = Arrays.copyOf(whole, length);
        assertThat(reasonOf(() -> AuditEntry.parse(truncated)))
            .as("%d bytes", length)
            .isEqualTo(Reason.CBOR_TRUNCATED);
      }
      assertThat(reasonOf(() -> AuditEntry.parse(Arrays.copyOf(whole, whole.length + 1))))
          .isEqualTo(Reason.CBOR_TRAILING_BYTES);
    }
  }

  @Test
  void aReasonOfANewerVersionIsKeptAsItsCode() throws Exception {
    byte[] newer = entry(1).integer(6).text("quantum-decoherence").toBytes();

    assertThat(AuditEntry.parse(newer).reason()).contains("quantum-decoherence");
  }

  @Test
  void anUnknownSeverityIsRefused() {
    for (long severity : new long[] {-1, 3, Long.MAX_VALUE}) {
      assertThat(
              reasonOf(
                  () ->
                      AuditEntry.parse(entry(severity).integer(6).text("no-credential").toBytes())))
          .isEqualTo(Reason.STATE_DAMAGED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "No-Credential", "no credential", "x\u0000"})
  void aReasonThatIsNoWordIsRefused(String reason) {
    assertThat(reasonOf(() -> AuditEntry.parse(entry(1).integer(6).text(reason).toBytes())))
        .isEqualTo(Reason.STATE_DAMAGED);
  }

  @Test
  void keysOutOfOrderOrUnknownAreRefused() {
    assertThat(reasonOf(() -> AuditEntry.parse(entry(1).integer(7).text("more").toBytes())))
        .isEqualTo(Reason.STATE_DAMAGED);
    assertThat(reasonOf(() -> AuditEntry.parse(entry(1).integer(4).text("pump-1").toBytes())))
        .isEqualTo(Reason.STATE_DAMAGED);
    assertThat(reasonOf(() -> AuditEntry.parse(new CborWriter().map(0).toBytes())))
        .isEqualTo(Reason.CBOR_TRUNCATED);
    assertThat(reasonOf(() -> AuditEntry.parse(new CborWriter().map(7).toBytes())))
        .isEqualTo(Reason.CBOR_TRUNCATED);
  }

  @Test
  @Provision("5.13-1A")
  void aHundredThousandMutationsEndInAnEntryOfTheseBytesOrATypedRefusal() {
    Random random = new Random(5424);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] mutated = everyShape().get(i % 4).toBytes();
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      try {
        assertThat(AuditEntry.parse(mutated).toBytes()).isEqualTo(mutated);
        read++;
      } catch (WardgateException e) {
        refused++;
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  /** An entry of five pairs, without the last. */
  private static CborWriter entry(long severity) {
    return new CborWriter()
        .map(5)
        .integer(1)
        .integer(NOW.toEpochMilli())
        .integer(2)
        .text("peer-refused")
        .integer(3)
        .integer(severity)
        .integer(5)
        .text("local");
  }
}
