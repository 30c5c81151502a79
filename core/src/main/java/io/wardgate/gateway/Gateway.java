// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.est.Est;
import io.wardgate.est.EstServer;
import io.wardgate.exchange.Handler;
import io.wardgate.exchange.Resource;
import io.wardgate.exchange.Transport;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.Revocations;
import io.wardgate.reading.Uplink;
import io.wardgate.registry.DeviceRegistry;
import io.wardgate.time.TrustedClock;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A medical IoT gateway's secure side: it serves registered devices that proved a credential of
 * their own, and nobody else.
 *
 * <p>Built in five stages, none of which can be left out: {@code identity}, {@code trust}, {@code
 * access}, {@code state}, {@code transport}. Building does no I/O; {@link #start} opens; {@link
 * #close} ends everything, may be called again, and never throws. No setting switches a check off.
 * Thread-safe. Supports EN 303 645 5.1-3, 5.5-1, 5.5-4, 5.5-5, 5.6-1 and 5.8-2.
 */
public final class Gateway implements AutoCloseable {

  private final GatewayWiring wiring;

  Gateway(GatewayWiring wiring) {
    this.wiring = wiring;
  }

  /** The first stage. */
  public static IdentityStage builder() {
    return new GatewayBuilder();
  }

  /**
   * Opens state and transport and serves until {@link #close}. If it fails, nothing stays open.
   *
   * @throws WardgateException {@link io.wardgate.Reason#RUNTIME_UNFIT}, what {@link
   *     StateFolder#open} says of the state, or {@link io.wardgate.Reason#TRANSPORT_UNAVAILABLE}
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() throws WardgateException {
    wiring.start();
  }

  /**
   * Where it listens.
   *
   * @throws IllegalStateException if it is not running
   */
  public InetSocketAddress address() {
    return wiring.running().endpoint().address();
  }

  /**
   * The devices it knows: to register them and to take them out of service. A change holds for the
   * next request of a session that is open. After {@link #close} nothing can be changed in it.
   *
   * @throws IllegalStateException if it is not running
   */
  public DeviceRegistry registry() {
    return wiring.running().registry();
  }

  /**
   * Which certificates and keys are revoked: to push the lists of authorities, and to deny by hand.
   * A change holds for the next request of a session that is open.
   *
   * @throws IllegalStateException if it is not running
   */
  public Revocations revocations() {
    return wiring.running().state().revocations();
  }

  /**
   * Where devices that wait to be enrolled are let in; empty if the gateway enrols none.
   *
   * @throws IllegalStateException if it is not running
   */
  public Optional<EstServer> enrolment() {
    return wiring.running().est();
  }

  /**
   * What it has counted.
   *
   * @throws IllegalStateException if it is not running
   */
  public GatewayMetrics metrics() {
    return wiring.metrics();
  }

  /** Stops serving, lets acknowledged readings reach the uplink, and closes that. */
  @Override
  public void close() {
    wiring.close();
  }

  /** Stage one: who the gateway is. */
  public interface IdentityStage {
    /** The key and certificates it proves itself with. */
    TrustStage identity(GatewayIdentity identity);
  }

  /** Stage two: whom it believes. */
  public interface TrustStage {
    /** The anchors and keys devices prove themselves by. */
    AccessStage trust(DeviceTrust trust);
  }

  /** Stage three: what devices may do. */
  public interface AccessStage {
    /** Role by role; nothing is reachable without a rule. */
    StateStage access(AccessPolicy access);
  }

  /** Stage four: what it must not forget. */
  public interface StateStage {
    /** Where that is kept. */
    TransportStage state(GatewayState state);
  }

  /** Stage five: how devices reach it. */
  public interface TransportStage {
    /** A transport that authenticates both ends. */
    Options transport(Transport transport);
  }

  /** What has a default. */
  public interface Options {

    /** The resource readings are posted to. */
    String READINGS_PATH = "/vitals";

    /**
     * Takes readings at {@code /vitals} and acknowledges each once {@code uplink} has it safe. The
     * gateway closes the uplink when it is closed itself.
     */
    Options readings(Uplink uplink);

    /**
     * Enrols devices at {@code /.well-known/est} (RFC 9148): those of trusted manufacturers may ask
     * for it, and nothing else. Takes a state with a ledger, as {@link GatewayState#at} has.
     * Without this a manufacturer's certificate opens nothing.
     */
    Options enrolment(Est est);

    /**
     * Serves one more resource.
     *
     * @throws IllegalArgumentException if its path is taken
     */
    Options resource(Resource resource);

    /** Serves {@code handler} at {@code path}, for any format up to 64 KiB. */
    default Options resource(String path, Handler handler) {
      return resource(Resource.at(path, handler));
    }

    /** Is told security events, one at a time, on a thread of its own. Default: nobody. */
    Options onSecurityEvent(Consumer<SecurityEvent> listener);

    /** How much work is taken on at once. Default: {@link Limits#DEFAULT}. */
    Options limits(Limits limits);

    /**
     * Where time comes from; believed as far as {@link TrustedClock} says. Default: the system
     * clock.
     */
    Options clock(InstantSource clock);

    /** The same, with a clock that the application syncs itself. */
    Options clock(TrustedClock clock);

    /** Where randomness comes from. Default: the platform's {@link SecureRandom}. */
    Options random(SecureRandom random);

    /**
     * The gateway, not yet started.
     *
     * @throws IllegalArgumentException if the gateway's own authority is also trusted for devices:
     *     a stolen device credential must never come from who certifies gateways; or if the
     *     authority that enrols devices is not trusted for them
     */
    Gateway build();
  }
}
