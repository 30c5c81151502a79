// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.SecurityEvent.Severity;
import io.wardgate.cbor.CborReader;
import io.wardgate.cbor.CborType;
import io.wardgate.cbor.CborWriter;
import java.time.Instant;
import java.util.Optional;

/**
 * A {@link SecurityEvent} as it stands in the trail: a CBOR map with the keys 1 to 6 in this order,
 * of which 4 and 6 may be absent. There is one way to write an entry; another is refused.
 *
 * <p>The reason is kept as text: a trail outlives versions, and an older reader must be able to
 * show a newer reason.
 *
 * @param at 1: when, in milliseconds since 1970
 * @param kind 2: a word
 * @param severity 3: 0 info, 1 warning, 2 alert
 * @param device 4: the device, if there is one
 * @param source 5: printable ASCII
 * @param reason 6: a reason's code, if there is one
 */
record AuditEntry(
    Instant at,
    String kind,
    Severity severity,
    Optional<DeviceId> device,
    String source,
    Optional<String> reason) {

  /** A namespace of 63, a slash and a serial of 64. */
  private static final int MAX_DEVICE = 128;

  private static final int AT = 1;
  private static final int KIND = 2;
  private static final int SEVERITY = 3;
  private static final int DEVICE = 4;
  private static final int SOURCE = 5;
  private static final int REASON = 6;
  private static final int MAX_PAIRS = 6;
  private static final int DEPTH = 1;

  static AuditEntry of(SecurityEvent event) {
    return new AuditEntry(
        Instant.ofEpochMilli(event.at().toEpochMilli()),
        event.kind(),
        event.severity(),
        event.device(),
        event.source(),
        event.reason().map(Reason::code));
  }

  byte[] toBytes() {
    int pairs = 4 + (device.isPresent() ? 1 : 0) + (reason.isPresent() ? 1 : 0);
    CborWriter out = new CborWriter().map(pairs);
    out.integer(AT).integer(at.toEpochMilli());
    out.integer(KIND).text(kind);
    out.integer(SEVERITY).integer(code(severity));
    device.ifPresent(known -> out.integer(DEVICE).text(known.toString()));
    out.integer(SOURCE).text(source);
    reason.ifPresent(code -> out.integer(REASON).text(code));
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws WardgateException what of CBOR was broken, or {@link Reason#STATE_DAMAGED} if it is no
   *     entry
   */
  static AuditEntry parse(byte[] bytes) throws WardgateException {
    CborReader in = new CborReader(bytes, DEPTH);
    int pairs = in.readMap(MAX_PAIRS);
    requireKey(in, AT);
    Instant at = instant(in.readLong());
    requireKey(in, KIND);
    String kind = word(in.readText(SecurityEvent.MAX_KIND));
    requireKey(in, SEVERITY);
    Severity severity = severity(in.readLong());
    // Every pair has a key that is above the one before: what is left can only be these.
    int left = pairs - 3;
    Optional<DeviceId> device = Optional.empty();
    long key = nextKey(in, left);
    if (key == DEVICE) {
      device = Optional.of(device(in.readText(MAX_DEVICE)));
      left--;
      key = nextKey(in, left);
    }
    if (key != SOURCE) {
      throw refused("no source");
    }
    String source = source(in.readText(SecurityEvent.MAX_SOURCE));
    left--;
    Optional<String> reason = Optional.empty();
    if (left > 0) {
      requireKey(in, REASON);
      reason = Optional.of(word(in.readText(SecurityEvent.MAX_KIND)));
      left--;
    }
    if (left > 0) {
      throw refused("more than an entry has");
    }
    in.end();
    return new AuditEntry(at, kind, severity, device, source, reason);
  }

  private static long nextKey(CborReader in, int left) throws WardgateException {
    if (left <= 0) {
      throw refused("less than an entry has");
    }
    return in.readLong();
  }

  private static void requireKey(CborReader in, int key) throws WardgateException {
    if (in.peek() != CborType.UNSIGNED || in.readLong() != key) {
      throw refused("not the key " + key);
    }
  }

  private static Instant instant(long millis) throws WardgateException {
    Instant at = Instant.ofEpochMilli(millis);
    if (!SecurityEvent.isTime(at)) {
      throw refused("a time without a year of four digits");
    }
    return at;
  }

  private static String word(String text) throws WardgateException {
    if (!SecurityEvent.isWord(text)) {
      throw refused("a kind or reason that is no kebab-case word");
    }
    return text;
  }

  private static String source(String text) throws WardgateException {
    if (!SecurityEvent.isSource(text)) {
      throw refused("a source that is not printable");
    }
    return text;
  }

  private static DeviceId device(String text) throws WardgateException {
    try {
      return DeviceId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new WardgateException(Reason.STATE_DAMAGED, "not a device's name", e);
    }
  }

  private static int code(Severity severity) {
    return switch (severity) {
      case INFO -> 0;
      case WARNING -> 1;
      case ALERT -> 2;
    };
  }

  /** One that is not known is refused: shown as a lesser one, it would be overlooked. */
  private static Severity severity(long code) throws WardgateException {
    for (Severity severity : Severity.values()) {
      if (code(severity) == code) {
        return severity;
      }
    }
    throw refused("an unknown severity");
  }

  private static WardgateException refused(String detail) {
    return new WardgateException(Reason.STATE_DAMAGED, "not an entry of an audit trail: " + detail);
  }
}
