// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.audit.SecurityEvent.Severity;
import io.wardgate.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditFormatTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.5Z");
  private static final byte[] HASH = new byte[32];

  @Test
  void aJsonLineHasEveryMemberInOneOrder() {
    assertThat(AuditFormat.JSON_LINES.line(7, HASH, entry("192.0.2.7:40112")))
        .isEqualTo(
            "{\"sequence\":7,\"time\":\"2026-11-23T12:00:00.500Z\",\"hash\":\""
                + "0".repeat(64)
                + "\",\"kind\":\"request-refused\",\"severity\":\"warning\","
                + "\"device\":\"acme/pump-1\",\"source\":\"192.0.2.7:40112\","
                + "\"reason\":\"role-not-allowed\"}");
    assertThat(AuditFormat.JSON_LINES.line(1, HASH, started()))
        .contains("\"device\":null,\"source\":\"local\",\"reason\":null}");
  }

  @Test
  void aJsonLineIsJsonWhateverTheSource() throws Exception {
    String line = AuditFormat.JSON_LINES.line(7, HASH, entry("\"}\\ ]"));

    JsonReader reader = new JsonReader(line.getBytes(StandardCharsets.UTF_8), 1);
    reader.skip();
    reader.end();
  }

  @Test
  void aSyslogLineIsRfc5424() {
    assertThat(AuditFormat.rfc5424("gw-3").line(7, HASH, entry("192.0.2.7:40112")))
        .isEqualTo(
            "<108>1 2026-11-23T12:00:00.500Z gw-3 wardgate - request-refused"
                + " [event@32473 seq=\"7\" device=\"acme/pump-1\" source=\"192.0.2.7:40112\""
                + " reason=\"role-not-allowed\"]");
    assertThat(AuditFormat.rfc5424("-").line(1, HASH, started()))
        .isEqualTo(
            "<110>1 2026-11-23T12:00:00.500Z - wardgate - gateway-started"
                + " [event@32473 seq=\"1\" device=\"-\" source=\"local\" reason=\"-\"]");
  }

  @Test
  void aSyslogValueEscapesWhatWouldEndIt() {
    assertThat(AuditFormat.rfc5424("-").line(1, HASH, entry("a\"b\\c]d[")))
        .contains(" source=\"a\\\"b\\\\c\\]d[\" ");
  }

  @ParameterizedTest
  @CsvSource({"INFO,110", "WARNING,108", "ALERT,105"})
  void thePriorityIsThatOfAnAuditLog(Severity severity, int priority) {
    AuditEntry entry =
        AuditEntry.of(
            new SecurityEvent(NOW, "test", severity, Optional.empty(), "local", Optional.empty()));

    assertThat(AuditFormat.rfc5424("-").line(1, HASH, entry)).startsWith("<" + priority + ">1 ");
  }

  @Test
  void aKindLongerThanAMsgidStandsWholeInTheData() {
    String kind = "k".repeat(40);
    AuditEntry entry = AuditEntry.of(SecurityEvent.info(NOW, kind, null, "local"));

    assertThat(AuditFormat.rfc5424("-").line(1, HASH, entry))
        .contains(" " + "k".repeat(32) + " [event@32473 seq=\"1\" kind=\"" + kind + "\" ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "é"})
  void aHostNameThatWouldBreakTheLineIsRefused(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> AuditFormat.rfc5424(host));
    assertThatIllegalArgumentException().isThrownBy(() -> AuditFormat.rfc5424("h".repeat(256)));
  }

  private static AuditEntry started() {
    return AuditEntry.of(SecurityEvent.info(NOW, SecurityEvent.GATEWAY_STARTED, null, "local"));
  }

  private static AuditEntry entry(String source) {
    return AuditEntry.of(
        SecurityEvent.refusal(
            NOW,
            SecurityEvent.REQUEST_REFUSED,
            new DeviceId("acme", "pump-1"),
            source,
            Reason.ROLE_NOT_ALLOWED));
  }
}
