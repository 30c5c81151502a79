// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.WardgateException;
import io.wardgate.identity.SensorCredential;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/**
 * How a sensor reaches its gateway: the other half of {@link Transport}, with the same promises.
 *
 * <p>Ours to implement, not for makers.
 */
public interface SensorTransport {

  /**
   * Prepares a link; the handshake happens with the first request.
   *
   * @param credential what the sensor proves, and whom it lets in
   * @param clock by which the gateway's certificate is judged
   * @throws WardgateException {@link io.wardgate.Reason#TRANSPORT_UNAVAILABLE} if no local socket
   *     can be had
   */
  Link open(SensorCredential credential, InstantSource clock) throws WardgateException;

  /** A sensor's way to one gateway. Thread-safe. */
  interface Link extends AutoCloseable {

    /**
     * Sends a request and completes with the answer, or exceptionally with a {@link
     * WardgateException}: the gateway is not reachable, or is not the one trusted.
     *
     * @param path {@code /} and segments
     * @param contentFormat of {@code payload}; ignored if that is empty
     */
    CompletionStage<Response> send(Method method, String path, int contentFormat, byte[] payload);

    /**
     * Gives the connection up, so that the next request begins with a handshake: in short if the
     * gateway still stands as it did and has kept the session too, else a whole one.
     */
    void startOver();

    /** Ends the session and frees the socket; idempotent, never throws. */
    @Override
    void close();
  }
}
