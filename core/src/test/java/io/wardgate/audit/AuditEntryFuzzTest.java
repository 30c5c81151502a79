// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.WardgateException;

class AuditEntryFuzzTest {

  private static final byte[] HASH = new byte[32];

  @FuzzTest
  void endsInAnEntryOfExactlyTheseBytesThatCanBeWrittenOutOrATypedRefusal(byte[] input) {
    AuditEntry entry;
    try {
      entry = AuditEntry.parse(input);
    } catch (WardgateException e) {
      return;
    }
    assertThat(entry.toBytes()).isEqualTo(input);
    assertThat(AuditFormat.JSON_LINES.line(1, HASH, entry)).doesNotContain("\n");
    assertThat(AuditFormat.rfc5424("-").line(1, HASH, entry)).doesNotContain("\n");
  }
}
