// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A device's side of enrolment (RFC 9148), over a link on which it proved a certificate and whose
 * gateway it trusts (the implicit trust anchor).
 *
 * <p>What a gateway gives is checked before it is returned: it is for the key of the request and in
 * its name, and is no authority. Whoever takes over new authorities opens a link that trusts them
 * first, and keeps the old ones if that fails. Thread-safe; the link stays the caller's.
 */
public final class EstClient {

  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofHours(1);

  private final SensorTransport.Link link;

  private EstClient(SensorTransport.Link link) {
    this.link = link;
  }

  /** A client over that link. */
  public static EstClient over(SensorTransport.Link link) {
    return new EstClient(link);
  }

  /**
   * What a gateway said to a request.
   *
   * @param certificate what it gave
   * @param askAgainAfter if it gave nothing yet: when to send the very same request again, between
   *     a second and an hour
   */
  public record Answer(Optional<X509Certificate> certificate, Optional<Duration> askAgainAfter) {}

  /**
   * The authorities the gateway tells of ({@code /crts}). Completes exceptionally with {@link
   * Reason#EST_ANSWER_MALFORMED}, {@link Reason#REFUSED_BY_GATEWAY}, or what the link says.
   */
  public CompletionStage<List<X509Certificate>> authorities() {
    return link.send(Method.GET, EstServer.CERTIFICATES, 0, new byte[0])
        .thenApply(
            response -> {
              try {
                require(response, Status.CONTENT);
                return certificates(response);
              } catch (WardgateException e) {
                throw new CompletionException(e);
              }
            });
  }

  /**
   * Asks for the first certificate ({@code /sen}). Completes exceptionally as {@link #authorities}.
   *
   * @param request as {@link CertificationRequest#inTheNameOf} makes it; to be kept, and sent again
   *     as it is if no answer comes
   */
  public CompletionStage<Answer> enrol(byte[] request) {
    return ask(EstServer.ENROL, request);
  }

  /** Asks for one to follow that of the link ({@code /sren}); else as {@link #enrol}. */
  public CompletionStage<Answer> renew(byte[] request) {
    return ask(EstServer.RENEW, request);
  }

  private CompletionStage<Answer> ask(String path, byte[] request) {
    CertificationRequest asked;
    try {
      asked = CertificationRequest.of(request);
    } catch (WardgateException e) {
      return CompletableFuture.failedFuture(e);
    }
    return link.send(Method.POST, path, EstContent.PKCS10, request)
        .thenApply(
            response -> {
              try {
                return answer(asked, response);
              } catch (WardgateException e) {
                throw new CompletionException(e);
              }
            });
  }

  private static Answer answer(CertificationRequest asked, Response response)
      throws WardgateException {
    if (response.status() == Status.SERVICE_UNAVAILABLE) {
      Duration wait = response.maxAge().orElse(SOONEST);
      Duration bounded = wait.compareTo(SOONEST) < 0 ? SOONEST : wait;
      return new Answer(
          Optional.empty(), Optional.of(bounded.compareTo(LATEST) > 0 ? LATEST : bounded));
    }
    require(response, Status.CHANGED);
    X509Certificate given =
        certificates(response).stream()
            .filter(certificate -> certificate.getPublicKey().equals(asked.key()))
            .findFirst()
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.EST_ANSWER_MALFORMED, "no certificate for the key asked for"));
    if (given.getBasicConstraints() >= 0 || !asked.isNamedBy(given)) {
      throw new WardgateException(
          Reason.EST_ANSWER_MALFORMED, "a certificate of another kind than was asked for");
    }
    return new Answer(Optional.of(given), Optional.empty());
  }

  private static void require(Response response, Status status) throws WardgateException {
    if (response.status() != status) {
      throw new WardgateException(Reason.REFUSED_BY_GATEWAY, response.status().toString());
    }
  }

  private static List<X509Certificate> certificates(Response response) throws WardgateException {
    return EstContent.certificates(
        response
            .contentFormat()
            .orElseThrow(
                () -> new WardgateException(Reason.EST_ANSWER_MALFORMED, "an answer of nothing")),
        response.payload());
  }
}
