// SPDX-License-Identifier: Apache-2.0
package io.wardgate.ca;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

  private static final X509Certificate CERTIFICATE =
      EmbeddedAuthority.selfSigned(
              "Test authority",
              Duration.ofDays(1),
              InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")),
              new SecureRandom())
          .certificate();
  private static final String PEM = Pem.certificate(CERTIFICATE);

  @Test
  void whatIsWrittenIsRead() throws Exception {
    assertThat(read(PEM)).containsExactly(CERTIFICATE);
    assertThat(read("\n" + PEM + "\r\n" + PEM.replace("\n", "\r\n")))
        .containsExactly(CERTIFICATE, CERTIFICATE);
  }

  @Test
  void everyTruncationIsRefusedAndSaidWhere() {
    // Without its last line feed it is still whole.
    for (int length = 0; length < PEM.length() - 1; length++) {
      String cut = PEM.substring(0, length);
      WardgateException refused = catchThrowableOfType(WardgateException.class, () -> read(cut));
      assertThat(refused).as("cut at %d", length).isNotNull();
      assertThat(refused.reason()).isEqualTo(Reason.CERTIFICATE_UNREADABLE);
      assertThat(refused).hasMessageContaining("line ");
    }
  }

  @Test
  void refusesAPrivateKeyAmongTrustAnchors() {
    byte[] key = Pem.privateKey(EcKeys.p256(new SecureRandom()));

    WardgateException refused =
        catchThrowableOfType(WardgateException.class, () -> read(PEM + new String(key, US_ASCII)));

    assertThat(refused.reason()).isEqualTo(Reason.CERTIFICATE_UNREADABLE);
    assertThat(refused.getMessage()).doesNotContain(new String(key, US_ASCII).substring(28, 60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subject=CN=somebody\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n",
        "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----\n",
        "\u0000"
      })
  void refusesAnythingElse(String text) {
    assertThat(catchThrowableOfType(WardgateException.class, () -> read(PEM + text)).reason())
        .isEqualTo(Reason.CERTIFICATE_UNREADABLE);
  }

  @Test
  void refusesBytesBehindACertificate() throws Exception {
    byte[] der = CERTIFICATE.getEncoded();
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(java.util.Arrays.copyOf(der, der.length + 2));

    assertThat(
            catchThrowableOfType(
                    WardgateException.class,
                    () ->
                        read(
                            "-----BEGIN CERTIFICATE-----\n"
                                + body
                                + "\n-----END CERTIFICATE-----\n"))
                .reason())
        .isEqualTo(Reason.CERTIFICATE_UNREADABLE);
  }

  @Test
  void refusesMoreThanSixteenCertificates() throws Exception {
    assertThat(read(PEM.repeat(16))).hasSize(16);
    assertThat(catchThrowableOfType(WardgateException.class, () -> read(PEM.repeat(17))).reason())
        .isEqualTo(Reason.CERTIFICATE_UNREADABLE);
  }

  @Test
  void refusesAFileAboveTheLimitUnread() {
    assertThat(
            catchThrowableOfType(
                    WardgateException.class, () -> Pem.certificates(new byte[Pem.MAX_BYTES + 1]))
                .reason())
        .isEqualTo(Reason.CERTIFICATE_UNREADABLE);
  }

  @Test
  void aPrivateKeyCarriesItsPublicHalfWhicheverProviderMadeIt() throws Exception {
    KeyPairGenerator sun = KeyPairGenerator.getInstance("EC", "SunEC");
    sun.initialize(new ECGenParameterSpec("secp256r1"));
    for (KeyPair keys : List.of(EcKeys.p256(new SecureRandom()), sun.generateKeyPair())) {
      String pem = new String(Pem.privateKey(keys), US_ASCII);
      assertThat(pem)
          .startsWith("-----BEGIN PRIVATE KEY-----\n")
          .endsWith("\n-----END PRIVATE KEY-----\n");
      byte[] der =
          Base64.getMimeDecoder()
              .decode(
                  pem.lines().filter(l -> !l.startsWith("-")).toList().stream()
                      .reduce("", String::concat));
      assertThat(
              KeyFactory.getInstance("EC", "SunEC").generatePrivate(new PKCS8EncodedKeySpec(der)))
          .isInstanceOf(java.security.interfaces.ECPrivateKey.class);
      ECPrivateKey inner =
          ECPrivateKey.getInstance(PrivateKeyInfo.getInstance(der).parsePrivateKey());
      assertThat(inner.getPublicKey()).isNotNull();
    }
  }

  private static List<X509Certificate> read(String pem) throws WardgateException {
    return Pem.certificates(pem.getBytes(US_ASCII));
  }
}
