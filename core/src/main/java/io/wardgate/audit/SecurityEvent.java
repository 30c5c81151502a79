// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened and matters to security: what, how grave, who, from where, why.
 *
 * <p>Never holds a payload, a key or anything else a peer can choose freely: the device is one that
 * proved itself or is absent, the source is an address. Kinds are open: a reader must accept ones
 * it does not know. Immutable.
 *
 * @param at when, by the gateway's clock
 * @param kind a kebab-case word of at most 64 characters such as {@link #PEER_REFUSED}
 * @param severity how grave
 * @param device the device that proved itself, if one did
 * @param source the peer's address and port as text, or {@code local}; of printable ASCII, cut
 *     after 128 characters
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

  /**
   * A credential its authority vouches for came in the name of a device that has another: a clone,
   * or one that was issued and never handed over. Told at most once a minute; the others are {@link
   * #PEER_REFUSED}.
   */
  public static final String CLONE_SUSPECTED = "clone-suspected";

  /**
   * A device was let in although its authority's revocation list is overdue, by a grace that was
   * granted. Told at most once a minute.
   */
  public static final String REVOCATION_LIST_OVERDUE = "revocation-list-overdue";

  /** A revocation list was taken, or a certificate or key denied. */
  public static final String REVOCATIONS_CHANGED = "revocations-changed";

  /** The system's clock is behind what is known to be past, or far ahead of it. */
  public static final String CLOCK_NOT_BELIEVED = "clock-not-believed";

  /** The system's clock is believed again. */
  public static final String CLOCK_BELIEVED = "clock-believed";

  /** The hardware token that holds the gateway's key does not sign. */
  public static final String TOKEN_DEGRADED = "token-degraded";

  /** The hardware token signs again. */
  public static final String TOKEN_RECOVERED = "token-recovered";

  /** A device with a session asked for something it did not get. */
  public static final String REQUEST_REFUSED = "request-refused";

  /** A named opt-in that weakens a default is in force; told at every start. */
  public static final String OPT_IN_ACTIVE = "opt-in-active";

  /** A device got a place in the registry. */
  public static final String DEVICE_REGISTERED = "device-registered";

  /** A device was suspended. */
  public static final String DEVICE_SUSPENDED = "device-suspended";

  /** A suspended device was let in again. */
  public static final String DEVICE_RESUMED = "device-resumed";

  /** A device was revoked, for good. */
  public static final String DEVICE_REVOKED = "device-revoked";

  /** A device was retired, for good. */
  public static final String DEVICE_RETIRED = "device-retired";

  /** An operator expects a device to be enrolled. */
  public static final String DEVICE_INVITED = "device-invited";

  /** An operator expects a device no more, or has denied it. */
  public static final String DEVICE_UNINVITED = "device-uninvited";

  /** A device that nobody expects asked to be enrolled, and waits for an operator. */
  public static final String DEVICE_WAITING = "device-waiting";

  /** A device was given its first certificate here, or another in its place. */
  public static final String DEVICE_ENROLLED = "device-enrolled";

  /** A device was given a certificate to follow the one it has. */
  public static final String DEVICE_RENEWED = "device-renewed";

  /** A batch of devices may be given credentials from now on. */
  public static final String BATCH_OPENED = "batch-opened";

  /** A batch was ended. */
  public static final String BATCH_CLOSED = "batch-closed";

  /**
   * Acknowledged records in the middle of the state are damaged or missing; told at every start.
   */
  public static final String STATE_DAMAGED = "state-damaged";

  /** The state ends before what it once acknowledged; told at every start. */
  public static final String STATE_ROLLED_BACK = "state-rolled-back";

  /** The state lies elsewhere than where it was written; told at every start. */
  public static final String STATE_COPIED = "state-copied";

  /** An operator decided to go on with the state as it was found. */
  public static final String STATE_ACCEPTED = "state-accepted";

  /** The home was made from a backup. */
  public static final String HOME_RESTORED = "home-restored";

  /** More events of one kind than are kept; the source says how many and of which kind. */
  public static final String EVENTS_SUPPRESSED = "events-suppressed";

  static final int MAX_KIND = 64;
  static final int MAX_SOURCE = 128;

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** Beyond these no syslog line can say the time (RFC 3339 has four digits for a year). */
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  /** How grave an event is. */
  public enum Severity {
    /** Part of ordinary work. */
    INFO,
    /** Somebody should look at it today. */
    WARNING,
    /** Somebody should look at it now. */
    ALERT
  }

  /**
   * Checks kind and time, and bounds the source: an event is never lost for where it came from.
   *
   * @throws IllegalArgumentException if the kind is not kebab-case or too long, or the time has no
   *     year of four digits
   */
  public SecurityEvent {
    if (!isWord(kind)) {
      throw new IllegalArgumentException(
          "a kind is a kebab-case word of at most " + MAX_KIND + " characters");
    }
    if (!isTime(at)) {
      throw new IllegalArgumentException("a time without a year of four digits");
    }
    source = bounded(source);
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

  /** Something grave, for the reason given. */
  public static SecurityEvent alert(Instant at, String kind, String source, Reason reason) {
    return new SecurityEvent(
        at, kind, Severity.ALERT, Optional.empty(), source, Optional.of(reason));
  }

  /** Whether an event may have happened then. */
  static boolean isTime(Instant at) {
    return !at.isBefore(FIRST) && !at.isAfter(LAST);
  }

  /** Whether a kind, or the code of a reason, may read so. */
  static boolean isWord(String text) {
    return text.length() <= MAX_KIND && KIND.matcher(text).matches();
  }

  /** Whether a source may read so. */
  static boolean isSource(String text) {
    return text.length() <= MAX_SOURCE && text.chars().allMatch(SecurityEvent::isPrintable);
  }

  private static String bounded(String source) {
    if (isSource(source)) {
      return source;
    }
    StringBuilder bounded = new StringBuilder();
    source.chars().limit(MAX_SOURCE).forEach(c -> bounded.append(isPrintable(c) ? (char) c : '?'));
    return bounded.toString();
  }

  private static boolean isPrintable(int c) {
    return c >= ' ' && c <= '~';
  }
}
