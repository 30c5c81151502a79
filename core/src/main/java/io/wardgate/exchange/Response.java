// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What a request is answered with. Immutable; the payload is copied in and out. */
public final class Response {

  private static final byte[] NOTHING = {};

  private final Status status;
  private final OptionalInt contentFormat;
  private final byte[] payload;
  private final Optional<Duration> maxAge;
  private final boolean endsSession;
  private final Optional<Echo> echo;

  private Response(
      Status status,
      OptionalInt contentFormat,
      byte[] payload,
      Optional<Duration> maxAge,
      boolean endsSession,
      Optional<Echo> echo) {
    this.status = status;
    this.contentFormat = contentFormat;
    this.payload = payload;
    this.maxAge = maxAge;
    this.endsSession = endsSession;
    this.echo = echo;
  }

  /** A bare status; how every refusal looks. */
  public static Response of(Status status) {
    return new Response(
        status, OptionalInt.empty(), NOTHING, Optional.empty(), false, Optional.empty());
  }

  /** A body in a format (RFC 7252 section 12.3). */
  public static Response content(int contentFormat, byte[] payload) {
    return of(Status.CONTENT).with(contentFormat, payload);
  }

  /** 5.03: not now; worth trying again after {@code maxAge}. */
  public static Response unavailable(Duration maxAge) {
    return new Response(
        Status.SERVICE_UNAVAILABLE,
        OptionalInt.empty(),
        NOTHING,
        Optional.of(maxAge),
        false,
        Optional.empty());
  }

  /** 4.01: to be asked again, with this (RFC 9175 section 2.3). */
  public static Response challenge(Echo echo) {
    return new Response(
        Status.UNAUTHORIZED,
        OptionalInt.empty(),
        NOTHING,
        Optional.empty(),
        false,
        Optional.of(echo));
  }

  /** What is to be echoed, if anything. */
  public Optional<Echo> echo() {
    return echo;
  }

  /** The same status with a body. */
  public Response with(int format, byte[] body) {
    return new Response(status, OptionalInt.of(format), body.clone(), maxAge, endsSession, echo);
  }

  /** The same, as the last answer of its session, which ends with it. */
  public Response lastOfSession() {
    return new Response(status, contentFormat, payload, maxAge, true, echo);
  }

  /** Whether the session ends with this answer. */
  public boolean endsSession() {
    return endsSession;
  }

  /** How it ended. */
  public Status status() {
    return status;
  }

  /** The body's format, if there is one. */
  public OptionalInt contentFormat() {
    return contentFormat;
  }

  /** The body; empty if there is none. */
  public byte[] payload() {
    return payload.clone();
  }

  /** For how long the answer holds; for 5.03, when to try again. */
  public Optional<Duration> maxAge() {
    return maxAge;
  }

  /** Status and size; never the body. */
  @Override
  public String toString() {
    return status + " (" + payload.length + " bytes)";
  }
}
