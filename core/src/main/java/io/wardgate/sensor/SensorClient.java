// SPDX-License-Identifier: Apache-2.0
package io.wardgate.sensor;

import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.identity.SensorCredential;
import io.wardgate.identity.TrustworthyRuntime;
import io.wardgate.reading.Priority;
import io.wardgate.reading.Reading;
import io.wardgate.reading.SenmlEncoder;
import io.wardgate.reading.SenmlFormat;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sensor's side: hands readings to its gateway and keeps trying.
 *
 * <p>Readings wait in a bounded buffer, leave by priority and in order, one at a time; after a
 * failure the sensor waits with backoff and jitter and begins with a whole handshake. A stage
 * completes when the gateway has acknowledged, and fails only if the gateway refused the pack, the
 * buffer shed it, or the client was closed. Both ends are always authenticated.
 *
 * <p>Built in two stages, {@code credential} and {@code transport}. Thread-safe; one thread of its
 * own. Supports EN 303 645 5.5-1, 5.8-2, 5.9-1 and 5.9-3.
 */
public final class SensorClient implements AutoCloseable {

  /** The resource readings are posted to. */
  public static final String READINGS_PATH = "/vitals";

  /** 256 KiB: about two minutes of one ECG lead and its vital signs. */
  public static final int DEFAULT_BUFFER_BYTES = 256 * 1024;

  private final Delivery delivery;

  SensorClient(Delivery delivery) {
    this.delivery = delivery;
  }

  /** The first stage. */
  public static CredentialStage builder() {
    return new Builder();
  }

  /**
   * Hands over one pack of readings, as SenML in CBOR.
   *
   * @throws IllegalArgumentException if there are none, or they do not fit the buffer
   */
  public CompletionStage<Void> submit(Priority priority, List<Reading> readings) {
    if (readings.isEmpty()) {
      throw new IllegalArgumentException("no readings");
    }
    return submit(
        priority,
        SenmlFormat.SENML_CBOR.contentFormat(),
        SenmlEncoder.encode(SenmlFormat.SENML_CBOR, readings));
  }

  /**
   * Hands over one pack already encoded.
   *
   * @throws IllegalArgumentException if it is empty or does not fit the buffer
   */
  public CompletionStage<Void> submit(Priority priority, int contentFormat, byte[] payload) {
    return delivery.submit(priority, contentFormat, payload);
  }

  /** Sends one request now, without buffer or retry. */
  public CompletionStage<Response> request(
      Method method, String path, int contentFormat, byte[] payload) {
    return delivery.request(method, path, contentFormat, payload);
  }

  /** How deliveries stand. */
  public SensorStatus status() {
    return delivery.status();
  }

  /** Ends the session; what still waits fails with {@code closed}. Idempotent, never throws. */
  @Override
  public void close() {
    delivery.close();
  }

  /** Stage one: what the sensor proves, and whom it lets in. */
  public interface CredentialStage {
    /** Both halves of mutual authentication. */
    TransportStage credential(SensorCredential credential);
  }

  /** Stage two: how it reaches the gateway. */
  public interface TransportStage {
    /** A transport that authenticates both ends. */
    Options transport(SensorTransport transport);
  }

  /** What has a default. */
  public interface Options {

    /**
     * How much may wait, 1 KiB to 64 MiB. Default: {@link #DEFAULT_BUFFER_BYTES}.
     *
     * @throws IllegalArgumentException if out of range
     */
    Options bufferBytes(int bytes);

    /** How long to wait after failures. Default: {@link Backoff#DEFAULT}. */
    Options backoff(Backoff backoff);

    /** By which the gateway's certificate is judged. Default: the system clock. */
    Options clock(InstantSource clock);

    /** Where jitter comes from. Default: the platform's {@link SecureRandom}. */
    Options random(RandomGenerator random);

    /**
     * Opens a local socket; the handshake comes with the first request.
     *
     * @throws WardgateException {@link io.wardgate.Reason#RUNTIME_UNFIT} or {@link
     *     io.wardgate.Reason#TRANSPORT_UNAVAILABLE}
     */
    SensorClient open() throws WardgateException;
  }

  /** Gathers the stages; the only place that reaches for the system's clock and randomness. */
  private static final class Builder implements CredentialStage, TransportStage, Options {

    private static final int LEAST_BUFFER = 1024;
    private static final int LARGEST_BUFFER = 64 << 20;

    private @Nullable SensorCredential credential;
    private @Nullable SensorTransport transport;
    private int bufferBytes = DEFAULT_BUFFER_BYTES;
    private Backoff backoff = Backoff.DEFAULT;
    private InstantSource clock = InstantSource.system();
    private RandomGenerator random = new SecureRandom();

    @Override
    public TransportStage credential(SensorCredential value) {
      credential = Objects.requireNonNull(value);
      return this;
    }

    @Override
    public Options transport(SensorTransport value) {
      transport = Objects.requireNonNull(value);
      return this;
    }

    @Override
    public Options bufferBytes(int bytes) {
      if (bytes < LEAST_BUFFER || bytes > LARGEST_BUFFER) {
        throw new IllegalArgumentException("a buffer is 1 KiB to 64 MiB");
      }
      bufferBytes = bytes;
      return this;
    }

    @Override
    public Options backoff(Backoff value) {
      backoff = Objects.requireNonNull(value);
      return this;
    }

    @Override
    public Options clock(InstantSource value) {
      clock = Objects.requireNonNull(value);
      return this;
    }

    @Override
    public Options random(RandomGenerator value) {
      random = Objects.requireNonNull(value);
      return this;
    }

    @Override
    public SensorClient open() throws WardgateException {
      TrustworthyRuntime.require();
      SensorTransport.Link link =
          Objects.requireNonNull(transport).open(Objects.requireNonNull(credential), clock);
      ScheduledThreadPoolExecutor loop =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "wardgate-sensor");
                thread.setDaemon(true);
                return thread;
              });
      loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
      return new SensorClient(new Delivery(link, loop, backoff, random, bufferBytes));
    }
  }
}
