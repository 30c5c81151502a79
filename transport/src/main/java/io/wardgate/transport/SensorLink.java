// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Echo;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.util.Filter;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sensor's way to its gateway over one CoAP endpoint; the handshake comes with the first request.
 */
final class SensorLink implements SensorTransport.Link {

  private static final Logger LOG = LoggerFactory.getLogger(SensorLink.class.getPackageName());
  private static final long GOODBYE_MILLIS = 500;

  /** The substrate would forget the session as soon as it begins a handshake, not when it ends. */
  private static final MapBasedEndpointContext.Attributes KEEPING_THE_SESSION =
      DtlsEndpointContext.ATTRIBUTE_HANDSHAKE_MODE_PROBE;

  private final CoapEndpoint endpoint;
  private final DTLSConnector connector;
  private final ProtocolThreads threads;
  private final InetSocketAddress gateway;
  private final Predicate<DTLSSession> mayResume;
  private final AtomicBoolean comeBack = new AtomicBoolean();

  private SensorLink(
      CoapEndpoint endpoint,
      DTLSConnector connector,
      ProtocolThreads threads,
      InetSocketAddress gateway,
      Predicate<DTLSSession> mayResume) {
    this.mayResume = mayResume;
    this.threads = threads;
    this.endpoint = endpoint;
    this.connector = connector;
    this.gateway = gateway;
  }

  static SensorLink start(
      CoapEndpoint endpoint,
      DTLSConnector connector,
      ProtocolThreads threads,
      InetSocketAddress gateway,
      Predicate<DTLSSession> mayResume)
      throws WardgateException {
    try {
      endpoint.start();
    } catch (IOException e) {
      endpoint.destroy();
      threads.shutdownNow();
      throw new WardgateException(Reason.TRANSPORT_UNAVAILABLE, "no local socket", e);
    }
    return new SensorLink(endpoint, connector, threads, gateway, mayResume);
  }

  @Override
  public CompletionStage<Response> send(
      Method method, String path, int contentFormat, byte[] payload) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    send(method, path, contentFormat, payload, Optional.empty(), answer);
    return answer;
  }

  private void send(
      Method method,
      String path,
      int contentFormat,
      byte[] payload,
      Optional<Echo> echo,
      CompletableFuture<Response> answer) {
    Request request = new Request(CoAP.Code.valueOf(method.name()), CoAP.Type.CON);
    request.setDestinationContext(
        comeBack.getAndSet(false)
            ? new MapBasedEndpointContext(gateway, null, KEEPING_THE_SESSION)
            : new AddressEndpointContext(gateway));
    request.getOptions().setUriPath(path);
    if (payload.length > 0) {
      request.getOptions().setContentFormat(contentFormat);
      request.setPayload(payload.clone());
    }
    echo.ifPresent(value -> request.getOptions().addOption(Echoes.option(value)));
    // Asked once more with what it was sent to echo, and not in circles.
    Consumer<Echo> again =
        value -> send(method, path, contentFormat, payload, Optional.of(value), answer);
    request.addMessageObserver(
        new Waiting(answer, echo.isPresent() ? Optional.empty() : Optional.of(again)));
    request.send(endpoint);
  }

  @Override
  public void startOver() {
    DTLSSession session = connector.getSessionByAddress(gateway);
    if (session != null && mayResume.test(session)) {
      comeBack.set(true);
    } else {
      connector.clearConnectionState();
    }
  }

  @Override
  public void close() {
    sayGoodbye();
    endpoint.destroy();
    threads.shutdownNow();
  }

  /** Tells the gateway that the session's place is free; destroying the connector would not. */
  private void sayGoodbye() {
    connector.close(gateway);
    try {
      // Each connection's work runs in order, so after this the alert has left.
      connector
          .startForEach((Filter<Connection>) connection -> false)
          .get(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("closed without a goodbye", e);
    }
  }

  /** Turns what becomes of a request into an answer or a reason. */
  private static final class Waiting extends MessageObserverAdapter {

    private final CompletableFuture<Response> answer;
    private final Optional<Consumer<Echo>> again;

    Waiting(CompletableFuture<Response> answer, Optional<Consumer<Echo>> again) {
      this.answer = answer;
      this.again = again;
    }

    @Override
    public void onResponse(org.eclipse.californium.core.coap.Response message) {
      Optional<Echo> echo = Echoes.in(message.getOptions());
      if (message.getCode() == CoAP.ResponseCode.UNAUTHORIZED
          && echo.isPresent()
          && again.isPresent()) {
        again.get().accept(echo.get());
        return;
      }
      Optional<Status> status =
          Arrays.stream(Status.values())
              .filter(s -> s.code() == message.getCode().value)
              .findFirst();
      if (status.isEmpty()) {
        fail(Reason.REFUSED_BY_GATEWAY, "an answer of " + message.getCode(), null);
        return;
      }
      Response response =
          status.get() == Status.SERVICE_UNAVAILABLE
              ? Response.unavailable(Duration.ofSeconds(message.getOptions().getMaxAge()))
              : Response.of(status.get());
      byte[] payload = message.getPayload();
      answer.complete(
          payload == null || payload.length == 0
              ? response
              : response.with(Math.max(0, message.getOptions().getContentFormat()), payload));
    }

    @Override
    public void onSendError(Throwable error) {
      for (Throwable cause = error; cause != null; cause = cause.getCause()) {
        if (cause instanceof WardgateException refusal) {
          answer.completeExceptionally(refusal);
          return;
        }
      }
      fail(
          Reason.HANDSHAKE_FAILED,
          error.getClass().getSimpleName().toLowerCase(Locale.ROOT),
          error);
    }

    @Override
    public void onTimeout() {
      fail(Reason.TRANSPORT_UNAVAILABLE, "no answer", null);
    }

    @Override
    public void onReject() {
      fail(Reason.REFUSED_BY_GATEWAY, "rejected", null);
    }

    @Override
    public void onCancel() {
      fail(Reason.CLOSED, "cancelled", null);
    }

    private void fail(Reason reason, String detail, @Nullable Throwable cause) {
      answer.completeExceptionally(
          cause == null
              ? new WardgateException(reason, detail)
              : new WardgateException(reason, detail, cause));
    }
  }
}
