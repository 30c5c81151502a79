// SPDX-License-Identifier: Apache-2.0
package io.wardgate.est;

import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.CertificateAuthority;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.time.ClockReading;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How a gateway enrols devices: who certifies them, for how long, and whom they are told to trust.
 * Immutable.
 */
public final class Est {

  /** A device that sleeps for months still finds its renewal due while it is awake. */
  public static final Duration DEFAULT_VALIDITY = Duration.ofDays(3 * 365);

  private static final Duration MIN_VALIDITY = Duration.ofHours(1);

  private final CertificateAuthority authority;
  private final List<X509Certificate> told;
  private final Duration validity;

  private Est(CertificateAuthority authority, List<X509Certificate> told, Duration validity) {
    this.authority = authority;
    this.told = List.copyOf(told);
    this.validity = validity;
  }

  /**
   * Devices are certified by {@code authority}, which the gateway trusts for devices of the empty
   * namespace; there their manufacturers are trusted too.
   */
  public static Est issuedBy(CertificateAuthority authority) {
    return new Est(authority, List.of(authority.certificate()), DEFAULT_VALIDITY);
  }

  /** Who certifies. */
  public X509Certificate authority() {
    return authority.certificate();
  }

  /**
   * The same, which also tells devices to trust this authority, for example the one that certifies
   * the gateway.
   */
  public Est tellingOf(X509Certificate other) {
    List<X509Certificate> more = new ArrayList<>(told);
    more.add(other);
    return new Est(authority, more, validity);
  }

  /**
   * The same with certificates valid for that long.
   *
   * @throws IllegalArgumentException if that is less than an hour
   */
  public Est validFor(Duration other) {
    if (other.compareTo(MIN_VALIDITY) < 0) {
      throw new IllegalArgumentException("a certificate is valid for an hour or more");
    }
    return new Est(authority, told, other);
  }

  /**
   * What serves it; the gateway calls this when it starts.
   *
   * @param ledger where it is written down
   * @param clock the gateway's
   * @param events is told what happens, and does not wait
   * @param nanos a clock that only goes forward
   */
  public EstServer serve(
      LedgerRegistry ledger,
      Supplier<ClockReading> clock,
      Consumer<SecurityEvent> events,
      LongSupplier nanos) {
    return new EstServer(
        told, new Enroller(authority, validity, ledger, clock, nanos), ledger, clock, events);
  }
}
