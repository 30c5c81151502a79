// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificateAuthority;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceName;
import io.wardgate.registry.Enrolment;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.IssuedCertificate;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.time.ClockReading;
import io.wardgate.time.Pace;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who is given a certificate, and which: the rules of enrolment and renewal.
 *
 * <p>A certificate is issued, checked, written down durably, and only then given out. A request
 * that is repeated gets the certificate it got, so that a lost answer costs nothing and two
 * requests at once issue one. Nothing is trusted on first use. Thread-safe by one lock, held while
 * a certificate is signed and written down.
 */
final class Enroller {

  /** Renewals of one device; each is an entry in the ledger for ever. */
  static final int RENEWALS_AT_ONCE = 4;

  static final Duration ONE_MORE_RENEWAL_AFTER = Duration.ofHours(6);
  private static final int DEVICES = 8192;

  private final CertificateAuthority authority;
  private final Duration validity;
  private final LedgerRegistry ledger;
  private final Supplier<ClockReading> clock;
  private final Pace<DeviceId> renewals;
  private final Waiting waiting = new Waiting();

  Enroller(
      CertificateAuthority authority,
      Duration validity,
      LedgerRegistry ledger,
      Supplier<ClockReading> clock,
      LongSupplier nanos) {
    this.authority = authority;
    this.validity = validity;
    this.ledger = ledger;
    this.clock = clock;
    this.renewals = new Pace<>(nanos, RENEWALS_AT_ONCE, ONE_MORE_RENEWAL_AFTER, DEVICES);
  }

  Waiting waiting() {
    return waiting;
  }

  /**
   * What a device is given.
   *
   * @param certificate the certificate
   * @param isNew whether it was issued now, rather than given once more
   */
  record Given(X509Certificate certificate, boolean isNew) {}

  /**
   * Gives a device its first certificate here, or another in place of one it lost.
   *
   * @param peer proved a manufacturer's certificate
   * @throws WardgateException {@link Reason#ENROLMENT_WAITS} if nobody expects it, or why not
   */
  synchronized Given enrol(AuthenticatedPeer peer, byte[] request) throws WardgateException {
    if (!peer.isToBeEnrolled()) {
      throw new WardgateException(
          Reason.ENROLMENT_CREDENTIAL_WRONG, peer.device() + " has more than a manufacturer's");
    }
    CertificationRequest asked = read(peer, request);
    if (asked.serial().isEmpty()) {
      throw new WardgateException(Reason.CSR_IDENTITY_MISMATCH, "it names no device");
    }
    asked.requireNoOtherThan(peer.device());
    if (!ledger.mayAsk(peer.device(), peer.key())) {
      // Another was enrolled in that name since this session began.
      throw new WardgateException(Reason.KEY_NOT_REGISTERED, peer.device().toString());
    }
    Optional<Enrolment> before = ledger.enrolment(peer.device());
    Optional<Given> again = repeated(peer, request, before);
    if (again.isPresent()) {
      return again.get();
    }
    requireUnused(peer, asked);
    return issue(peer, asked, request, roleOf(peer, before));
  }

  /** What it will be registered for, if it is expected. */
  private Role roleOf(AuthenticatedPeer peer, Optional<Enrolment> before) throws WardgateException {
    DeviceId device = peer.device();
    ClockReading now = clock.get();
    Optional<Invitation> invitation =
        ledger.invitation(device).filter(word -> word.admits(peer.key(), now.instant()));
    if (invitation.isPresent()) {
      waiting.forget(device);
      return invitation.get().role();
    }
    Optional<Registration> registered = ledger.find(device);
    if (registered.isPresent()
        && before.filter(given -> now.certainlyAfter(given.until())).isPresent()) {
      return registered.get().role();
    }
    if (waiting.isDenied(device)) {
      throw new WardgateException(Reason.ENROLMENT_DENIED, device.toString());
    }
    waiting.note(new WaitingDevice(device, peer.key(), now.instant()));
    throw new WardgateException(Reason.ENROLMENT_WAITS, device.toString());
  }

  /**
   * Gives a device a certificate to follow the one it has.
   *
   * @param peer proved an operator's certificate
   * @throws WardgateException why not
   */
  synchronized Given renew(AuthenticatedPeer peer, byte[] request) throws WardgateException {
    X509Certificate current =
        peer.chain()
            .filter(chain -> !peer.isToBeEnrolled())
            .map(chain -> chain.leaf())
            .orElseThrow(
                () ->
                    new WardgateException(
                        Reason.ENROLMENT_CREDENTIAL_WRONG,
                        peer.device() + " has no operator's certificate"));
    CertificationRequest asked = read(peer, request);
    asked.requireNamesOf(current);
    Optional<Given> again = repeated(peer, request, ledger.enrolment(peer.device()));
    if (again.isPresent()) {
      return again.get();
    }
    requireUnused(peer, asked);
    if (!renewals.allows(peer.device(), 1)) {
      throw new WardgateException(Reason.TOO_MANY_ATTEMPTS, peer.device() + " renews too often");
    }
    Given given = issue(peer, asked, request, peer.role());
    renewals.note(peer.device(), 1);
    return given;
  }

  private static CertificationRequest read(AuthenticatedPeer peer, byte[] request)
      throws WardgateException {
    if (!peer.device().namespace().isEmpty()) {
      throw new WardgateException(Reason.ENROLMENT_NOT_OFFERED, peer.device().toString());
    }
    return CertificationRequest.of(request);
  }

  /** The same request by the same key, whose answer was perhaps lost. */
  private static Optional<Given> repeated(
      AuthenticatedPeer peer, byte[] request, Optional<Enrolment> before) throws WardgateException {
    if (before.isEmpty()
        || before.get().isProved()
        || !before.get().by().equals(peer.key())
        || !before.get().request().equals(sha256(request))) {
      return Optional.empty();
    }
    return Optional.of(new Given(certificate(before.get().certificate()), false));
  }

  private void requireUnused(AuthenticatedPeer peer, CertificationRequest asked)
      throws WardgateException {
    KeyFingerprint key = KeyFingerprint.of(asked.key());
    if (key.equals(peer.key()) || ledger.isIssued(key)) {
      throw new WardgateException(Reason.KEY_ALREADY_ISSUED, peer.device() + ": " + key);
    }
  }

  private Given issue(AuthenticatedPeer peer, CertificationRequest asked, byte[] request, Role role)
      throws WardgateException {
    DeviceId device = peer.device();
    X509Certificate certificate = issued(device, asked);
    ledger.enrolled(
        new Enrolment(
            device,
            role,
            clock.get().instant(),
            IssuedCertificate.of(certificate),
            certificate.getNotAfter().toInstant(),
            peer.key(),
            sha256(request),
            HexFormat.of().formatHex(EstContent.single(certificate))));
    return new Given(certificate, true);
  }

  /** What the authority gave, if it is what was asked for. */
  private X509Certificate issued(DeviceId device, CertificationRequest asked)
      throws WardgateException {
    X509Certificate certificate;
    try {
      certificate = authority.issueDevice(device, asked.key(), validity);
    } catch (WardgateException e) {
      throw new WardgateException(Reason.AUTHORITY_FAILED, "nothing was issued", e);
    }
    Instant now = clock.get().instant();
    boolean isRight =
        certificate.getPublicKey().equals(asked.key())
            && DeviceName.in(certificate).filter(device.serial()::equals).isPresent()
            && certificate.getBasicConstraints() < 0
            && certificate.getNotAfter().toInstant().isAfter(now)
            && EstContent.single(certificate).length <= Enrolment.MAX_CERTIFICATE_BYTES;
    if (!isRight) {
      throw new WardgateException(
          Reason.AUTHORITY_FAILED, "another certificate than was asked for " + device);
    }
    return certificate;
  }

  private static X509Certificate certificate(String hex) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509", "SUN")
              .generateCertificate(new ByteArrayInputStream(HexFormat.of().parseHex(hex)));
    } catch (GeneralSecurityException e) {
      throw new WardgateBug("a certificate of the ledger does not parse", e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-256", e);
    }
  }
}
