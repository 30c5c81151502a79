// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.TestPki;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.junit.jupiter.api.Test;

/** A device takes from a gateway what it asked for, and nothing else. */
class EstClientTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration DAY = Duration.ofDays(1);

  private final EmbeddedAuthority operator =
      EmbeddedAuthority.selfSigned("Operator", DAY, InstantSource.system(), RANDOM);
  private final Credential current = TestPki.authority("Maker").issueDevice("pump-1");
  private final KeyPair keys = EcKeys.p256(RANDOM);
  private final byte[] request = CertificationRequest.inTheNameOf(current.leaf(), keys, RANDOM);

  @Test
  void takesACertificateForItsKeyInItsName() throws Exception {
    X509Certificate given = operator.issueDevice(DeviceId.of("pump-1"), keys.getPublic(), DAY);
    for (int format : new int[] {EstContent.CERTS_ONLY, EstContent.PKIX_CERT}) {
      assertThat(ask(changed(format, given)).certificate()).hasValue(given);
    }
  }

  @Test
  void refusesOneForAnotherKeyOrInAnotherNameOrOfAnAuthority() throws Exception {
    List<X509Certificate> wrong =
        List.of(
            operator.issueDevice(DeviceId.of("pump-1"), EcKeys.p256(RANDOM).getPublic(), DAY),
            operator.issueDevice(DeviceId.of("pump-2"), keys.getPublic(), DAY),
            TestPki.authority("Other")
                .device("pump-1")
                .keyPair(keys)
                .constraints(new BasicConstraints(true))
                .issue()
                .leaf());
    for (X509Certificate each : wrong) {
      assertThat(refusal(changed(EstContent.CERTS_ONLY, each)))
          .isEqualTo(Reason.EST_ANSWER_MALFORMED);
    }
    assertThat(refusal(Response.of(Status.CHANGED))).isEqualTo(Reason.EST_ANSWER_MALFORMED);
    assertThat(refusal(Response.of(Status.FORBIDDEN))).isEqualTo(Reason.REFUSED_BY_GATEWAY);
    assertThat(refusal(Response.content(EstContent.CERTS_ONLY, new byte[0])))
        .isEqualTo(Reason.REFUSED_BY_GATEWAY);
  }

  @Test
  void asksAgainInASecondAtTheSoonestAndAnHourAtTheLatest() throws Exception {
    assertThat(ask(Response.unavailable(Duration.ZERO)).askAgainAfter())
        .hasValue(Duration.ofSeconds(1));
    assertThat(ask(Response.unavailable(Duration.ofSeconds(60))).askAgainAfter())
        .hasValue(Duration.ofSeconds(60));
    assertThat(ask(Response.unavailable(Duration.ofDays(3))).askAgainAfter())
        .hasValue(Duration.ofHours(1));
  }

  @Test
  void sendsNothingThatIsNoRequest() {
    assertThat(reasonOf(EstClient.over(answering(Response.of(Status.CHANGED))).renew(new byte[9])))
        .isEqualTo(Reason.CSR_MALFORMED);
  }

  private static Response changed(int format, X509Certificate certificate) {
    return Response.of(Status.CHANGED)
        .with(
            format,
            format == EstContent.PKIX_CERT
                ? EstContent.single(certificate)
                : EstContent.certsOnly(List.of(certificate)));
  }

  private EstClient.Answer ask(Response response) {
    return EstClient.over(answering(response)).enrol(request).toCompletableFuture().join();
  }

  private Reason refusal(Response response) {
    return reasonOf(EstClient.over(answering(response)).enrol(request));
  }

  private static Reason reasonOf(CompletionStage<EstClient.Answer> stage) {
    try {
      var unused = stage.toCompletableFuture().join();
      throw new AssertionError("it was taken");
    } catch (CompletionException e) {
      return ((WardgateException) e.getCause()).reason();
    }
  }

  private static SensorTransport.Link answering(Response response) {
    return new SensorTransport.Link() {
      @Override
      public CompletionStage<Response> send(
          Method method, String path, int contentFormat, byte[] payload) {
        return CompletableFuture.completedFuture(response);
      }

      @Override
      public void startOver() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
