// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.TestPki;
import java.security.cert.X509Certificate;
import java.util.List;

class RevocationListFuzzTest {

  private static final List<X509Certificate> AUTHORITIES =
      List.of(TestPki.authority("Device CA").certificate());

  @FuzzTest
  void endsInAListOrATypedRefusal(byte[] input) {
    try {
      assertThat(RevocationList.of(input, AUTHORITIES).number()).isNotNull();
    } catch (WardgateException e) {
      assertThat(e.reason()).isEqualTo(Reason.CRL_UNUSABLE);
    }
  }
}
