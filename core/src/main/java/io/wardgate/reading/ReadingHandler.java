// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Handler;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.time.Pace;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Takes posted SenML and answers 2.04 once the uplink has every reading of it safe; until then, and
 * if that fails, there is no acknowledgement.
 *
 * <p>The device and its role are the session's, whatever the pack says. Each reading gets an id
 * that no other reading gets: a random prefix per start and a count. Decoding is bounded and never
 * waits. A device hands in {@value #READINGS_AT_ONCE} readings at once and a thousand a second
 * then, of which each may become two hundred times what it was on the air: one that sends more is
 * told to come back later, so that it fills no disk. Thread-safe.
 */
public final class ReadingHandler implements Handler {

  /** What a sensor measured in five hours without a link, at one a second. */
  static final int READINGS_AT_ONCE = 20_000;

  static final Duration ONE_MORE_AFTER = Duration.ofMillis(1);
  private static final int DEVICES = 8192;
  private static final int RUN_ID_BYTES = 8;

  private final SenmlDecoder decoder;
  private final Uplink uplink;
  private final InstantSource clock;
  private final Pace<DeviceId> pace;
  private final String run;
  private final AtomicLong count = new AtomicLong();

  private ReadingHandler(
      SenmlDecoder decoder, Uplink uplink, InstantSource clock, Pace<DeviceId> pace, String run) {
    this.pace = pace;
    this.decoder = decoder;
    this.uplink = uplink;
    this.clock = clock;
    this.run = run;
  }

  /**
   * A handler that decodes by the default limits and hands to {@code uplink}.
   *
   * @param nanos a clock that only goes forward, {@code System::nanoTime}
   */
  public static ReadingHandler into(
      Uplink uplink, InstantSource clock, LongSupplier nanos, SecureRandom random) {
    byte[] run = new byte[RUN_ID_BYTES];
    random.nextBytes(run);
    return new ReadingHandler(
        new SenmlDecoder(SenmlDecoder.Limits.DEFAULT),
        uplink,
        clock,
        new Pace<>(nanos, READINGS_AT_ONCE, ONE_MORE_AFTER, DEVICES),
        HexFormat.of().formatHex(run));
  }

  @Override
  public CompletionStage<Response> handle(Request request) {
    Instant received = clock.instant();
    List<Observation> observations = new ArrayList<>();
    try {
      SenmlFormat format = SenmlFormat.of(request.head().contentFormat());
      List<Reading> readings = decoder.decode(format, request.payload(), received);
      if (!pace.take(request.peer().device(), readings.size())) {
        throw new WardgateException(Reason.OVERLOADED, "more readings than a device may hand in");
      }
      for (Reading reading : readings) {
        observations.add(
            new Observation(
                run + "-" + count.incrementAndGet(),
                request.peer().device(),
                request.peer().role().name(),
                received,
                reading));
      }
    } catch (WardgateException e) {
      return CompletableFuture.failedFuture(e);
    }
    return delivered(observations)
        .handle(
            (done, failure) -> {
              if (failure == null) {
                return Response.of(Status.CHANGED);
              }
              throw new CompletionException(notNow(failure));
            });
  }

  private CompletionStage<Void> delivered(List<Observation> observations) {
    try {
      return uplink.deliver(observations);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Whatever ails the uplink is no fault of the pack: the sensor keeps it and tries again. */
  private static WardgateException notNow(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof WardgateException known && known.reason() == Reason.OVERLOADED
        ? known
        : new WardgateException(Reason.UPLINK_UNAVAILABLE, "the uplink failed", cause);
  }
}
