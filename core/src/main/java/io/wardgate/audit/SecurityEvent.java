// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened and matters to security: what, how grave, who, from where, why.
 *
 * <p>Never holds a payload, a key or anything else a peer can choose freely: the device is one that
 * proved itself or is absent, the source is an address. Kinds are open: a reader must accept ones
 * it does not know. Immutable.
 *
 * @param at when, by the gateway's clock
 * @param kind a kebab-case word such as {@link #PEER_REFUSED}
 * @param severity how grave
 * @param device the device that proved itself, if one did
 * @param source the peer's address and port as text, or {@code local}
 * @param reason why, if something was refused
 */
public record SecurityEvent(
    Instant at,
    String kind,
    Severity severity,
    Optional<DeviceId> device,
    String source,
    Optional<Reason> reason) {

  /** The gateway began to serve. */
  public static final String GATEWAY_STARTED = "gateway-started";

  /** The gateway stopped serving. */
  public static final String GATEWAY_STOPPED = "gateway-stopped";

  /** A peer proved a credential of its own and opened a session. */
  public static final String SESSION_OPENED = "session-opened";

  /** A peer did not get a session. */
  public static final String PEER_REFUSED = "peer-refused";

  /** A device with a session asked for something it did not get. */
  public static final String REQUEST_REFUSED = "request-refused";

  /** A named opt-in that weakens a default is in force; told at every start. */
  public static final String OPT_IN_ACTIVE = "opt-in-active";

  /** How grave an event is. */
  public enum Severity {
    /** Part of ordinary work. */
    INFO,
    /** Somebody should look at it today. */
    WARNING,
    /** Somebody should look at it now. */
    ALERT
  }

  /** Something ordinary, with nothing refused. */
  public static SecurityEvent info(
      Instant at, String kind, @Nullable DeviceId device, String source) {
    return new SecurityEvent(
        at, kind, Severity.INFO, Optional.ofNullable(device), source, Optional.empty());
  }

  /** Something refused. */
  public static SecurityEvent refusal(
      Instant at, String kind, @Nullable DeviceId device, String source, Reason reason) {
    return new SecurityEvent(
        at, kind, Severity.WARNING, Optional.ofNullable(device), source, Optional.of(reason));
  }
}
