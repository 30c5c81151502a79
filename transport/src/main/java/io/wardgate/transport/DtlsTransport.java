// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.WardgateException;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.SavedSessions;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.PeerVerifier;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * CoAP over DTLS 1.2, always mutual, never anything less: there is no unsecured port, no anonymous
 * suite, no older version, no renegotiation.
 *
 * <p>Certificates: ECDHE_ECDSA with AES-128-GCM, AES-256-GCM or AES-128-CCM. Pre-shared keys:
 * ECDHE_PSK with AES-128-GCM or AES-128-CCM. Extended master secret (RFC 7627) is required,
 * connection ids (RFC 9146) are offered, sessions are resumed only after their peer was judged
 * again. Each weaker suite is a named opt-in that the gateway reports at every start. {@code
 * docs/defaults.md} gives the reason of every setting. Nothing is read from or written to {@code
 * Californium3.properties}. Immutable.
 *
 * <p>Supports EN 303 645 5.1-3, 5.5-1, 5.5-4, 5.6-1 and 5.8-2.
 */
public final class DtlsTransport implements Transport {

  /** What an application may allow beyond the default, by name. */
  enum OptIn {
    PSK_WITHOUT_FORWARD_SECRECY("psk-without-forward-secrecy"),
    CCM_8("ccm-8");

    private final String code;

    OptIn(String code) {
      this.code = code;
    }
  }

  /**
   * A ward has 240 devices. 2000 idle sessions hold 21 MB; 170 MB if each has just sent sixteen
   * bodies of 1 KiB, which are remembered to recognise repeats.
   */
  private static final int DEFAULT_MAX_SESSIONS = 2000;

  private final InetSocketAddress address;
  private final int maxSessions;
  private final SessionLimits limits;
  private final Set<OptIn> optIns;
  private final LongSupplier nanos;

  private DtlsTransport(
      InetSocketAddress address,
      int maxSessions,
      SessionLimits limits,
      Set<OptIn> optIns,
      LongSupplier nanos) {
    this.address = address;
    this.maxSessions = maxSessions;
    this.limits = limits;
    this.optIns = Set.copyOf(optIns);
    this.nanos = nanos;
  }

  /** The gateway's side: listens on {@code address}; port 0 lets the system choose. */
  public static DtlsTransport on(InetSocketAddress address) {
    return new DtlsTransport(
        address, DEFAULT_MAX_SESSIONS, SessionLimits.DEFAULT, Set.of(), DtlsEndpoint.NANOS);
  }

  /**
   * The sensor's side: reaches the gateway at {@code address} from a port of the system's choice.
   */
  public static SensorTransport to(InetSocketAddress address) {
    return new DtlsSensorTransport(address);
  }

  /**
   * The same, also taking PSK suites without ephemeral key exchange, which OpenSSL and GnuTLS need
   * for pre-shared keys: who learns a device's key later can then read what was recorded before.
   */
  public DtlsTransport allowingPskWithoutForwardSecrecy() {
    return allowing(OptIn.PSK_WITHOUT_FORWARD_SECRECY);
  }

  /** The same, also taking suites with an authentication tag of only 8 bytes. */
  public DtlsTransport allowingCcm8() {
    return allowing(OptIn.CCM_8);
  }

  /**
   * The same, with room for {@code sessions} at once, and beside them for half as many handshakes
   * under way, 128 at least, of which one IPv4 address or IPv6 /64 may hold half. When all are
   * taken, a device that proved itself takes the place of its own older session, or of one that has
   * been silent for 30 seconds; else it is refused.
   *
   * @throws IllegalArgumentException if that is not 1 to 100000
   */
  public DtlsTransport maxSessions(int sessions) {
    if (sessions < 1 || sessions > 100_000) {
      throw new IllegalArgumentException("1 to 100000 sessions, not " + sessions);
    }
    return new DtlsTransport(address, sessions, limits, optIns, nanos);
  }

  /** The same, with sessions that go on for no longer than this says. */
  public DtlsTransport sessionLimits(SessionLimits other) {
    return new DtlsTransport(address, maxSessions, other, optIns, nanos);
  }

  @Override
  public Endpoint open(
      GatewayIdentity identity, PeerVerifier peers, Intake intake, SavedSessions saved)
      throws WardgateException {
    return DtlsEndpoint.open(
        address, maxSessions, limits, optIns, identity, peers, intake, saved, nanos);
  }

  @Override
  public Set<String> optIns() {
    return optIns.stream().map(o -> o.code).collect(Collectors.toUnmodifiableSet());
  }

  /** The same, by another monotonic clock. */
  DtlsTransport countingBy(LongSupplier otherNanos) {
    return new DtlsTransport(address, maxSessions, limits, optIns, otherNanos);
  }

  private DtlsTransport allowing(OptIn optIn) {
    EnumSet<OptIn> more = EnumSet.of(optIn);
    more.addAll(optIns);
    return new DtlsTransport(address, maxSessions, limits, more, nanos);
  }
}
