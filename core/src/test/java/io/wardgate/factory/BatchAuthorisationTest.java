// SPDX-License-Identifier: Apache-2.0
package io.wardgate.factory;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.registry.Batch;
import io.wardgate.registry.Role;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch is made only if who may has authorised exactly that. */
class BatchAuthorisationTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Authority PLANNING =
      TestPki.authority("Planning", ObedientClock.at("2026-11-23T12:00:00Z"));
  private static final Credential PLANNER = PLANNING.issueDevice("planner");
  private static final Credential OTHER = PLANNING.issueDevice("other");

  @Test
  void saysWhatMayBeMade() throws Exception {
    byte[] signed = SignedBatch.of(SignedBatch.JSON, PLANNER);
    Batch batch = BatchAuthorisation.read(signed, PLANNER.leaf(), NOW);
    assertThat(batch.id()).isEqualTo("2026-W48");
    assertThat(batch.model()).isEqualTo(Role.INFUSION_PUMP);
    assertThat(batch.count()).isEqualTo(2);
    assertThat(batch.station()).isEqualTo("line-4");
    assertThat(batch.from()).isEqualTo(Instant.parse("2026-11-23T00:00:00Z"));
    assertThat(batch.until()).isEqualTo(Instant.parse("2026-12-01T00:00:00Z"));
    assertThat(batch.authorisation()).matches("[0-9a-f]{64}");
    assertThat(
            BatchAuthorisation.read(
                    SignedBatch.of(SignedBatch.JSON, "SHA384withECDSA", true, PLANNER),
                    PLANNER.leaf(),
                    NOW)
                .authorisation())
        .isNotEqualTo(batch.authorisation());
  }

  @Test
  @Provision("5.4-4")
  void nobodyElseAuthorises() throws Exception {
    assertThat(refusal(SignedBatch.of(SignedBatch.JSON, OTHER)))
        .isEqualTo(Reason.BATCH_UNAUTHORISED);
    assertThat(refusal(SignedBatch.of(SignedBatch.JSON))).isEqualTo(Reason.BATCH_UNAUTHORISED);
    assertThat(refusal(SignedBatch.of(SignedBatch.JSON, PLANNER, OTHER)))
        .isEqualTo(Reason.BATCH_UNAUTHORISED);
    assertThat(refusal(SignedBatch.of(SignedBatch.JSON, "SHA512withECDSA", true, PLANNER)))
        .isEqualTo(Reason.BATCH_UNAUTHORISED);
  }

  @Test
  void anAuthorisersCertificateEndsWhatItMayAuthorise() throws Exception {
    byte[] signed = SignedBatch.of(SignedBatch.JSON, PLANNER);
    for (Instant when :
        List.of(
            PLANNER.leaf().getNotBefore().toInstant().minusSeconds(1),
            PLANNER.leaf().getNotAfter().toInstant().plusSeconds(1))) {
      assertThat(reasonOf(() -> BatchAuthorisation.read(signed, PLANNER.leaf(), when)))
          .isEqualTo(Reason.BATCH_UNAUTHORISED);
    }
  }

  @Test
  void aSignatureOverAWeakDigestIsNone() throws Exception {
    assertThat(refusal(SignedBatch.overSha1(SignedBatch.JSON, PLANNER)))
        .isEqualTo(Reason.BATCH_UNAUTHORISED);
  }

  @Test
  void whatIsSignedComesWithIt() throws Exception {
    assertThat(refusal(SignedBatch.of(SignedBatch.JSON, "SHA256withECDSA", false, PLANNER)))
        .isEqualTo(Reason.BATCH_MALFORMED);
  }

  @Test
  @Provision("5.13-1B")
  void everyTruncationAndFlippedBitIsRefused() throws Exception {
    byte[] signed = SignedBatch.of(SignedBatch.JSON, PLANNER);
    for (int length = 0; length < signed.length; length++) {
      assertThat(refusal(Arrays.copyOf(signed, length))).isEqualTo(Reason.BATCH_MALFORMED);
    }
    assertThat(refusal(Arrays.copyOf(signed, signed.length + 1))).isEqualTo(Reason.BATCH_MALFORMED);
    assertThat(refusal(new byte[BatchAuthorisation.MAX_BYTES + 1]))
        .isEqualTo(Reason.BATCH_MALFORMED);
    String json = SignedBatch.JSON;
    byte[] more = signed.clone();
    more[indexOf(signed, json.indexOf("\"count\":2") + 8, json)] = '9';
    assertThat(refusal(more)).isEqualTo(Reason.BATCH_UNAUTHORISED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"count\":2|\"count\":0",
        "\"count\":2|\"count\":-1",
        "\"count\":2|\"count\":1.5",
        "\"count\":2|\"count\":1000001",
        "\"count\":2|\"count\":\"2\"",
        "\"count\":2|\"count\":2,\"count\":3",
        "\"count\":2|\"count\":2,\"also\":3",
        "\"count\":2,|",
        "\"batch\":\"2026-W48\",|",
        "2026-W48|../up",
        "2026-W48|",
        "infusion-pump|Pump 3",
        "line-4|",
        "2026-11-23T00:00:00Z|yesterday",
        "2026-12-01T00:00:00Z|2026-11-23T00:00:00Z",
        "{|[",
        "}|}}"
      })
  void whatIsSignedIsExactlyABatch(String change) throws Exception {
    String[] halves = change.split("\\|", -1);
    String json = SignedBatch.JSON.replace(halves[0], halves[1]);
    assertThat(json).isNotEqualTo(SignedBatch.JSON);
    assertThat(refusal(SignedBatch.of(json, PLANNER))).isEqualTo(Reason.BATCH_MALFORMED);
  }

  private static int indexOf(byte[] signed, int offset, String json) {
    String text = new String(signed, java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.indexOf(json) + offset;
  }

  private static Reason refusal(byte[] signed) {
    return reasonOf(() -> BatchAuthorisation.read(signed, PLANNER.leaf(), NOW));
  }
}
