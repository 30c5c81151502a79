// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;

class PemFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void readsCertificatesOrRefusesThem(byte[] pem) {
    try {
      if (Pem.certificates(pem).isEmpty()) {
        throw new AssertionError("accepted without a certificate");
      }
    } catch (WardgateException e) {
      if (e.reason() != Reason.CERTIFICATE_UNREADABLE) {
        throw new AssertionError(e);
      }
    }
  }
}
