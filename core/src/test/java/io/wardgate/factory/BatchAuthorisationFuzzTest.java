// SPDX-License-Identifier: Apache-2.0
package io.wardgate.factory;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.TestPki;
import java.time.Instant;

class BatchAuthorisationFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Credential PLANNER =
      TestPki.authority("Planning", ObedientClock.at("2026-11-23T12:00:00Z"))
          .issueDevice("planner");

  @FuzzTest
  void endsInATypedRefusal(byte[] input) {
    try {
      BatchAuthorisation.read(input, PLANNER.leaf(), NOW);
      throw new AssertionError("authorised by nobody");
    } catch (WardgateException e) {
      assertThat(e.reason()).isIn(Reason.BATCH_MALFORMED, Reason.BATCH_UNAUTHORISED);
    }
  }
}
