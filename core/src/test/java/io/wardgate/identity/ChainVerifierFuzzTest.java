// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.TestPki;
import io.wardgate.time.ClockReading;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

class ChainVerifierFuzzTest {

  private static final X509Certificate ANCHOR = TestPki.authority("Device CA").certificate();

  @FuzzTest
  void endsInAChainOrATypedRefusal(byte[] input) {
    X509Certificate certificate;
    try {
      certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(input));
    } catch (CertificateException e) {
      return;
    }
    ChainVerifier verifier =
        new ChainVerifier(
            List.of(new TrustAnchor(AnchorPurpose.OPERATOR, "", ANCHOR)),
            List.of(),
            Revocations.inMemory(),
            RevocationPolicy.DEFAULT);
    try {
      assertThat(
              ChainVerifier.deviceOf(
                  verifier.verify(List.of(certificate), ClockReading.synced(Instant.now()))))
          .isNotNull();
    } catch (WardgateException e) {
      assertThat(e.reason()).isNotNull();
    }
    for (CertificateForm.Place place : CertificateForm.Place.values()) {
      try {
        CertificateForm.require(certificate, place, true);
        assertThat(DeviceName.in(certificate)).isNotNull();
      } catch (WardgateException e) {
        assertThat(e.reason()).isNotNull();
      }
    }
  }
}
