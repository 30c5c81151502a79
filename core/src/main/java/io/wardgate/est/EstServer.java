// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Role;
import io.wardgate.time.ClockReading;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The resources of EST-coaps (RFC 9148 section 4.1): {@code /crts}, {@code /sen}, {@code /sren} and
 * {@code /att}. Keys are made by devices, so {@code /skg} and {@code /skc} do not exist.
 *
 * <p>Refusals are bare: what was wrong is told to the gateway, not to the peer. A device that waits
 * for an operator is told to ask again (5.03). Who may do what is {@link Enroller}'s. Thread-safe.
 */
public final class EstServer {

  /** Where they are. */
  public static final String BASE = "/.well-known/est";

  static final String CERTIFICATES = BASE + "/crts";
  static final String ENROL = BASE + "/sen";
  static final String RENEW = BASE + "/sren";
  static final String ATTRIBUTES = BASE + "/att";

  /** A round trip over a slow network, twice; the device proves that it asks now. */
  private static final Duration FRESH_FOR = Duration.ofMinutes(1);

  /** For an operator to decide. */
  private static final Duration ASK_AGAIN_AFTER = Duration.ofMinutes(1);

  private static final Duration WHEN_SOMETHING_FAILS = Duration.ofMinutes(5);

  private static final Set<Reason> MALFORMED =
      EnumSet.of(
          Reason.CSR_MALFORMED,
          Reason.CSR_SIGNATURE_INVALID,
          Reason.KEY_UNSUITABLE,
          Reason.IDENTITY_MISSING);

  private static final Set<Reason> NOT_NOW =
      EnumSet.of(
          Reason.AUTHORITY_FAILED,
          Reason.TOO_MANY_ATTEMPTS,
          Reason.STATE_UNAVAILABLE,
          Reason.STATE_FULL,
          Reason.STATE_DAMAGED,
          Reason.STATE_ROLLED_BACK,
          Reason.STATE_COPIED,
          Reason.OVERLOADED);

  private static final Set<Reason> CLONE =
      EnumSet.of(Reason.KEY_NOT_REGISTERED, Reason.KEY_ALREADY_ISSUED);

  private final List<X509Certificate> authorities;
  private final Enroller enroller;
  private final LedgerRegistry ledger;
  private final Supplier<ClockReading> clock;
  private final Consumer<SecurityEvent> events;

  EstServer(
      List<X509Certificate> authorities,
      Enroller enroller,
      LedgerRegistry ledger,
      Supplier<ClockReading> clock,
      Consumer<SecurityEvent> events) {
    this.authorities = List.copyOf(authorities);
    this.enroller = enroller;
    this.ledger = ledger;
    this.clock = clock;
    this.events = events;
  }

  /** What answers from memory. */
  public List<Resource> answeringAtOnce() {
    return List.of(
        Resource.at(CERTIFICATES, this::certificates), Resource.at(ATTRIBUTES, this::attributes));
  }

  /** What signs and writes, and so must not run where nothing may wait. */
  public List<Resource> takingTheirTime() {
    return List.of(
        enrolling(ENROL, request -> enroller.enrol(request.peer(), request.payload()), false),
        enrolling(RENEW, request -> enroller.renew(request.peer(), request.payload()), true));
  }

  /**
   * Where each is and how it is recognised (RFC 9148 section 4.1), for {@code /.well-known/core}.
   */
  public static Map<String, String> links() {
    return Map.of(
        CERTIFICATES, "rt=\"ace.est.crts\";ct=\"281 287 62\"",
        ENROL, "rt=\"ace.est.sen\";ct=\"281 287\"",
        RENEW, "rt=\"ace.est.sren\";ct=\"281 287\"",
        ATTRIBUTES, "rt=\"ace.est.att\";ct=285");
  }

  /** Devices that wait for an operator, the longest waiting first. */
  public List<WaitingDevice> waiting() {
    return enroller.waiting().all();
  }

  /**
   * Expects a device that waits, with the key it proved.
   *
   * @return the device as it is expected
   * @throws WardgateException {@link Reason#ENROLMENT_UNKNOWN} if it does not wait, or what {@link
   *     LedgerRegistry#invite} refuses
   */
  public Invitation approve(DeviceId device, Role role, Instant until) throws WardgateException {
    WaitingDevice found = enroller.waiting().of(device);
    Invitation invitation = new Invitation(device, role, Optional.of(found.key()), until);
    ledger.invite(invitation);
    enroller.waiting().forget(device);
    return invitation;
  }

  /**
   * Expects a device no more, and refuses it until it is invited or the gateway starts again.
   *
   * @throws WardgateException {@link Reason#STATE_UNAVAILABLE}
   */
  public void deny(DeviceId device) throws WardgateException {
    var unused = ledger.uninvite(device);
    enroller.waiting().deny(device);
  }

  private CompletionStage<Response> certificates(Request request) {
    if (request.head().method() != Method.GET) {
      return now(Response.of(Status.METHOD_NOT_ALLOWED));
    }
    return now(
        switch (wanted(request)) {
          case EstContent.CERTS_ONLY ->
              Response.content(EstContent.CERTS_ONLY, EstContent.certsOnly(authorities));
          case EstContent.PKIX_CERT ->
              Response.content(EstContent.PKIX_CERT, EstContent.single(authorities.get(0)));
          case EstContent.MULTIPART ->
              Response.content(EstContent.MULTIPART, EstContent.multipart(authorities));
          default -> Response.of(Status.NOT_ACCEPTABLE);
        });
  }

  private CompletionStage<Response> attributes(Request request) {
    if (request.head().method() != Method.GET) {
      return now(Response.of(Status.METHOD_NOT_ALLOWED));
    }
    OptionalInt accept = request.head().accept();
    return now(
        accept.isEmpty() || accept.getAsInt() == EstContent.CSR_ATTRIBUTES
            ? Response.content(EstContent.CSR_ATTRIBUTES, EstContent.csrAttributes())
            : Response.of(Status.NOT_ACCEPTABLE));
  }

  @FunctionalInterface
  private interface Giving {
    Enroller.Given give(Request request) throws WardgateException;
  }

  private Resource enrolling(String path, Giving giving, boolean renews) {
    return Resource.at(path, request -> now(answer(request, giving, renews)))
        .accepting(EstContent.PKCS10)
        .upTo(CertificationRequest.MAX_BYTES)
        .freshFor(FRESH_FOR);
  }

  private Response answer(Request request, Giving giving, boolean renews) {
    AuthenticatedPeer peer = request.peer();
    int format = wanted(request);
    if (request.head().method() != Method.POST) {
      return Response.of(Status.METHOD_NOT_ALLOWED);
    }
    if (format != EstContent.CERTS_ONLY && format != EstContent.PKIX_CERT) {
      return Response.of(Status.NOT_ACCEPTABLE);
    }
    if (peer.credential() != AuthenticatedPeer.Credential.CERTIFICATE) {
      // RFC 9148 section 3.1: devices authenticate by certificate.
      tell(peer, Reason.ENROLMENT_CREDENTIAL_WRONG);
      return Response.of(Status.UNAUTHORIZED);
    }
    try {
      Enroller.Given given = giving.give(request);
      if (given.isNew()) {
        info(renews ? SecurityEvent.DEVICE_RENEWED : SecurityEvent.DEVICE_ENROLLED, peer);
      }
      return Response.of(Status.CHANGED)
          .with(
              format,
              format == EstContent.PKIX_CERT
                  ? EstContent.single(given.certificate())
                  : EstContent.certsOnly(List.of(given.certificate())));
    } catch (WardgateException e) {
      return refusal(peer, e.reason());
    }
  }

  private Response refusal(AuthenticatedPeer peer, Reason reason) {
    if (reason == Reason.ENROLMENT_WAITS) {
      info(SecurityEvent.DEVICE_WAITING, peer);
      return Response.unavailable(ASK_AGAIN_AFTER);
    }
    tell(peer, reason);
    if (NOT_NOW.contains(reason)) {
      return Response.unavailable(WHEN_SOMETHING_FAILS);
    }
    return Response.of(MALFORMED.contains(reason) ? Status.BAD_REQUEST : Status.FORBIDDEN);
  }

  private void info(String kind, AuthenticatedPeer peer) {
    events.accept(SecurityEvent.info(clock.get().instant(), kind, peer.device(), "session"));
  }

  private void tell(AuthenticatedPeer peer, Reason reason) {
    boolean isClone = CLONE.contains(reason);
    events.accept(
        new SecurityEvent(
            clock.get().instant(),
            isClone ? SecurityEvent.CLONE_SUSPECTED : SecurityEvent.REQUEST_REFUSED,
            isClone ? SecurityEvent.Severity.ALERT : SecurityEvent.Severity.WARNING,
            Optional.of(peer.device()),
            "session",
            Optional.of(reason)));
  }

  private static int wanted(Request request) {
    return request.head().accept().orElse(EstContent.CERTS_ONLY);
  }

  private static CompletionStage<Response> now(Response response) {
    return CompletableFuture.completedFuture(response);
  }
}
