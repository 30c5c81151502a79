// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.util.Set;

class CertificationRequestFuzzTest {

  private static final Set<Reason> REFUSALS =
      Set.of(
          Reason.CSR_MALFORMED,
          Reason.CSR_SIGNATURE_INVALID,
          Reason.KEY_UNSUITABLE,
          Reason.IDENTITY_MISSING);

  @FuzzTest
  void readsARequestOrRefusesIt(byte[] input) {
    try {
      assertThat(CertificationRequest.of(Pem.certificationRequest(input)).key()).isNotNull();
    } catch (WardgateException e) {
      assertThat(e.reason()).isIn(REFUSALS);
    }
  }
}
