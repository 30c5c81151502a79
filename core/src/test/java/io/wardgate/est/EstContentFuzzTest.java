// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;

class EstContentFuzzTest {

  @FuzzTest
  void everyAnswerIsReadOrRefusedForOneReason(byte[] input) {
    for (int format : new int[] {EstContent.CERTS_ONLY, EstContent.PKIX_CERT}) {
      try {
        assertThat(EstContent.certificates(format, input)).hasSizeLessThanOrEqualTo(8);
      } catch (WardgateException e) {
        assertThat(e.reason()).isEqualTo(Reason.EST_ANSWER_MALFORMED);
      }
    }
  }
}
