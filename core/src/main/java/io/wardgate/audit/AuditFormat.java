// SPDX-License-Identifier: Apache-2.0
package io.wardgate.audit;

import io.wardgate.DeviceId;
import io.wardgate.audit.SecurityEvent.Severity;
import io.wardgate.json.JsonWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** How an audit trail is written out, one line for each event. Immutable. */
public final class AuditFormat {

  /**
   * A JSON object: {@code sequence}, {@code time}, {@code hash} (SHA-256 of the stored record, by
   * which the next one is chained to it), {@code kind}, {@code severity}, {@code device}, {@code
   * source}, {@code reason}; device and reason are null where there is none.
   */
  public static final AuditFormat JSON_LINES = new AuditFormat(AuditFormat::json);

  /** Of NILVALUE, which stands for what is absent. */
  private static final String NIL = "-";

  /** RFC 5424 section 6.2.1: 13, log audit. */
  private static final int FACILITY = 13 * 8;

  /** RFC 5424 section 6.2.7. */
  private static final int MAX_MSGID = 32;

  /** RFC 5424 section 6.2.4. */
  private static final int MAX_HOST = 255;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Line line;

  private AuditFormat(Line line) {
    this.line = line;
  }

  /**
   * Syslog (RFC 5424): facility 13, severity 6, 4 or 1 for info, warning and alert; the kind is the
   * MSGID, the rest structured data {@code event@32473}.
   *
   * @param host the HOSTNAME field; {@code -} if it is not known
   * @throws IllegalArgumentException if it is not 1 to 255 printable ASCII characters without space
   */
  public static AuditFormat rfc5424(String host) {
    if (host.isEmpty()
        || host.length() > MAX_HOST
        || host.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("a host name is 1 to 255 printable ASCII characters");
    }
    return new AuditFormat((sequence, hash, entry) -> syslog(host, sequence, entry));
  }

  /** The line, without its end. */
  String line(long sequence, byte[] hash, AuditEntry entry) {
    return line.of(sequence, hash, entry);
  }

  private static String json(long sequence, byte[] hash, AuditEntry entry) {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("sequence").number((double) sequence);
    out.name("time").text(time(entry.at()));
    out.name("hash").text(HexFormat.of().formatHex(hash));
    out.name("kind").text(entry.kind());
    out.name("severity").text(entry.severity().name().toLowerCase(Locale.ROOT));
    out.name("device");
    entry.device().map(DeviceId::toString).ifPresentOrElse(out::text, out::nil);
    out.name("source").text(entry.source());
    out.name("reason");
    entry.reason().ifPresentOrElse(out::text, out::nil);
    return out.endObject().toString();
  }

  private static String syslog(String host, long sequence, AuditEntry entry) {
    String kind = entry.kind();
    return "<"
        + (FACILITY + severity(entry.severity()))
        + ">1 "
        + time(entry.at())
        + " "
        + host
        + " wardgate - "
        + (kind.length() > MAX_MSGID ? kind.substring(0, MAX_MSGID) : kind)
        + " [event@32473"
        + parameter("seq", Long.toString(sequence))
        + (kind.length() > MAX_MSGID ? parameter("kind", kind) : "")
        + parameter("device", entry.device().map(DeviceId::toString).orElse(NIL))
        + parameter("source", entry.source())
        + parameter("reason", entry.reason().orElse(NIL))
        + "]";
  }

  private static int severity(Severity severity) {
    return switch (severity) {
      case INFO -> 6;
      case WARNING -> 4;
      case ALERT -> 1;
    };
  }

  /** RFC 5424 section 6.3.3: in a value, quote, backslash and closing bracket are escaped. */
  private static String parameter(String name, String value) {
    return " " + name + "=\"" + value.replaceAll("([\"\\\\\\]])", "\\\\$1") + "\"";
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  @FunctionalInterface
  private interface Line {
    String of(long sequence, byte[] hash, AuditEntry entry);
  }
}
