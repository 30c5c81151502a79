// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import io.wardgate.WardgateBug;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Echo;
import io.wardgate.exchange.Intake;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.RequestHead;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.Status;
import io.wardgate.identity.AuthenticatedPeer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionNumberRegistry;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where CoAP messages become requests and responses become CoAP messages.
 *
 * <p>The first block of a body is judged like a whole request, before any of it is kept. Runs on
 * protocol threads and never waits: what is not answered at once is acknowledged after a second (so
 * that the peer stops repeating) and answered when its stage completes.
 */
final class CoapDoor implements MessageDeliverer {

  private static final Logger LOG = LoggerFactory.getLogger(CoapDoor.class.getPackageName());

  private static final Map<CoAP.Code, Method> METHODS =
      Map.of(
          CoAP.Code.GET, Method.GET,
          CoAP.Code.POST, Method.POST,
          CoAP.Code.PUT, Method.PUT,
          CoAP.Code.DELETE, Method.DELETE);

  /** The critical options there are answers to. */
  private static final Set<Integer> HONOURED =
      Set.of(
          OptionNumberRegistry.URI_HOST,
          OptionNumberRegistry.URI_PORT,
          OptionNumberRegistry.URI_PATH,
          OptionNumberRegistry.URI_QUERY,
          OptionNumberRegistry.ACCEPT,
          OptionNumberRegistry.BLOCK1,
          OptionNumberRegistry.BLOCK2);

  /** RFC 9175 section 3.2.1. */
  private static final int REQUEST_TAG = 292;

  /** An ETag has 8 bytes at most. */
  private static final int ETAG_BYTES = 8;

  private static final byte[] NO_ETAG = {};

  /** Half of CoAP's ACK_TIMEOUT: the peer would repeat itself after two seconds. */
  private static final long ACKNOWLEDGE_AFTER_MILLIS = 1000;

  /** Of the exponent that CoAP sends: 6 is 1024 bytes, 7 is reserved. */
  private static final int LARGEST_EXPONENT = 6;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Intake intake;
  private final ScheduledExecutorService timer;
  private final RequestBodies requestBodies;
  private final ResponseBodies responseBodies;
  private final Sessions sessions;
  private final SessionLimits limits;

  CoapDoor(
      Intake intake,
      ScheduledExecutorService timer,
      LongSupplier nanos,
      Sessions sessions,
      SessionLimits limits) {
    this.sessions = sessions;
    this.limits = limits;
    this.intake = intake;
    this.timer = timer;
    this.requestBodies = new RequestBodies(nanos);
    this.responseBodies = new ResponseBodies(nanos);
  }

  @Override
  public void deliverRequest(Exchange exchange) {
    org.eclipse.californium.core.coap.Request message = exchange.getRequest();
    AuthenticatedPeer peer = PeerGate.peerOf(message.getSourceContext().getPeerIdentity());
    SessionMatcher.SessionKey session = SessionMatcher.sessionOf(message.getSourceContext());
    if (peer == null || session == null) {
      // Cannot happen behind our verifier; if it did, silence is the only safe answer.
      LOG.debug("a request without an authenticated peer was dropped");
      exchange.executeComplete();
      return;
    }
    try {
      receive(new Incoming(exchange, message, peer, session));
    } catch (RuntimeException e) {
      // Not above debug: a peer could cause the line at will.
      LOG.debug("a request of {} could not be taken", peer.device(), e);
      send(exchange, Response.of(Status.INTERNAL_SERVER_ERROR), null);
    }
  }

  @Override
  public void deliverResponse(
      Exchange exchange, org.eclipse.californium.core.coap.Response response) {
    // The gateway sends no requests; nothing waits for this.
  }

  /** A message and what its session says about it. */
  private record Incoming(
      Exchange exchange,
      org.eclipse.californium.core.coap.Request message,
      AuthenticatedPeer peer,
      SessionMatcher.SessionKey session) {

    OptionSet options() {
      return message.getOptions();
    }

    byte[] payload() {
      byte[] payload = message.getPayload();
      return payload == null ? new byte[0] : payload;
    }

    RequestBodies.Key key() {
      OptionSet options = options();
      return new RequestBodies.Key(
          peer.device(),
          session,
          message.getCode().value,
          List.copyOf(options.getUriPath()),
          List.copyOf(options.getUriQuery()),
          options.asSortedList().stream()
              .filter(option -> option.getNumber() == REQUEST_TAG)
              .map(option -> HexFormat.of().formatHex(option.getValue()))
              .toList());
    }
  }

  private void receive(Incoming in) {
    SessionUse use = PeerGate.useOf(in.session().principal());
    Optional<Reason> beyond = use == null ? Optional.empty() : use.request(limits);
    if (beyond.isPresent()) {
      intake.refused(in.peer(), in.message().getSourceContext().getPeerAddress(), beyond.get());
      answer(in, Response.of(Status.UNAUTHORIZED).lastOfSession());
      return;
    }
    Method method = METHODS.get(in.message().getCode());
    OptionSet options = in.options();
    BlockOption block1 = options.getBlock1();
    BlockOption block2 = options.getBlock2();
    if (method == null) {
      answer(in, Response.of(Status.METHOD_NOT_ALLOWED));
    } else if (asksForWhatIsNotOffered(options) || isReserved(block1) || isReserved(block2)) {
      answer(in, Response.of(Status.BAD_OPTION));
    } else if (block1 != null) {
      receiveBlock(in, method, block1);
    } else {
      int bytes = in.payload().length;
      receiveWhole(in, head(in, method, bytes, Echoes.in(options)), in.payload());
    }
  }

  private void receiveBlock(Incoming in, Method method, BlockOption block) {
    byte[] payload = in.payload();
    int size = 1 << (block.getSzx() + 4);
    long offset = (long) block.getNum() * size;
    if (payload.length > size || (block.isM() && payload.length != size)) {
      requestBodies.drop(in.key());
      answer(in, Response.of(Status.BAD_REQUEST));
      return;
    }
    Integer announced = in.options().getSize1();
    long known = requestBodies.sizeWith(in.key(), block.getNum(), payload.length);
    long atLeast = announced == null ? known : Math.max(known, announced);
    Optional<Echo> echo = Echoes.in(in.options());
    if (echo.isEmpty() && block.getNum() > 0) {
      echo = requestBodies.echoOf(in.key());
    }
    RequestHead head = head(in, method, atLeast, echo);
    Optional<Response> refusal = intake.refusal(head);
    if (refusal.isPresent()) {
      requestBodies.drop(in.key());
      answer(in, refusal.get());
      return;
    }
    try {
      if (block.isM()) {
        requestBodies.add(in.key(), offset, payload, echo);
        answer(in, Response.of(Status.CONTINUE));
      } else {
        byte[] body = requestBodies.finish(in.key(), offset, payload);
        handle(in, head(in, method, body.length, echo), body);
      }
    } catch (WardgateException e) {
      intake.refused(in.peer(), in.message().getSourceContext().getPeerAddress(), e.reason());
      answer(
          in,
          e.reason() == Reason.OVERLOADED
              ? Response.unavailable(RETRY_AFTER)
              : Response.of(Status.REQUEST_ENTITY_INCOMPLETE));
    }
  }

  private void receiveWhole(Incoming in, RequestHead head, byte[] payload) {
    BlockOption block2 = in.options().getBlock2();
    if (block2 != null && block2.getNum() > 0) {
      Optional<Response> kept = responseBodies.find(in.key());
      // What is done already need not be asked for freshly once more.
      Optional<Response> refusal =
          intake.refusal(head).filter(no -> kept.isEmpty() || no.echo().isEmpty());
      if (refusal.isPresent() || kept.isPresent()) {
        answer(in, refusal.orElseGet(kept::get));
        return;
      }
      if (head.method() != Method.GET) {
        answer(in, Response.of(Status.REQUEST_ENTITY_INCOMPLETE));
        return;
      }
    }
    handle(in, head, payload);
  }

  private void handle(Incoming in, RequestHead head, byte[] body) {
    CompletionStage<Response> stage = intake.handle(new Request(head, body));
    Future<?> acknowledge =
        stage.toCompletableFuture().isDone()
            ? null
            : timer.schedule(
                () -> in.exchange().sendAccept(), ACKNOWLEDGE_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    stage.thenAccept(
        response -> {
          if (acknowledge != null) {
            acknowledge.cancel(false);
          }
          answerOrFail(in, response);
        });
  }

  /**
   * A response that CoAP cannot carry, for example a format above 65535, must still end the wait.
   */
  private void answerOrFail(Incoming in, Response response) {
    try {
      answer(in, response);
    } catch (RuntimeException e) {
      LOG.debug("a response to {} could not be sent", in.peer().device(), e);
      answer(in, Response.of(Status.INTERNAL_SERVER_ERROR));
    }
  }

  private static RequestHead head(
      Incoming in, Method method, long announcedBytes, Optional<Echo> echo) {
    OptionSet options = in.options();
    return new RequestHead(
        in.peer(),
        method,
        options.getUriPath(),
        options.getUriQuery(),
        options.hasContentFormat()
            ? OptionalInt.of(options.getContentFormat())
            : OptionalInt.empty(),
        options.hasAccept() ? OptionalInt.of(options.getAccept()) : OptionalInt.empty(),
        announcedBytes,
        echo);
  }

  /** Any critical option (RFC 7252 section 5.4.1) we do not honour, whether or not it is known. */
  private static boolean asksForWhatIsNotOffered(OptionSet options) {
    return options.asSortedList().stream()
        .anyMatch(option -> option.isCritical() && !HONOURED.contains(option.getNumber()));
  }

  private static boolean isReserved(@Nullable BlockOption block) {
    return block != null && block.getSzx() > LARGEST_EXPONENT;
  }

  private void answer(Incoming in, Response response) {
    if (response.endsSession()) {
      sessions.end(in.session().principal());
    }
    byte[] payload = response.payload();
    BlockOption wanted = in.options().getBlock2();
    if (isKnown(in, response, payload)) {
      send(in.exchange(), Response.of(Status.VALID), null, null, etag(payload));
      return;
    }
    int exponent = wanted == null ? LARGEST_EXPONENT : wanted.getSzx();
    int size = 1 << (exponent + 4);
    boolean inBlocks = payload.length > size || (wanted != null && wanted.getNum() > 0);
    if (!inBlocks) {
      byte[] etag = response.status() == Status.CONTENT ? etag(payload) : NO_ETAG;
      send(in.exchange(), response, in.options().getBlock1(), null, etag);
      return;
    }
    int number = wanted == null ? 0 : wanted.getNum();
    long from = (long) number * size;
    if (from >= payload.length) {
      send(in.exchange(), Response.of(Status.BAD_OPTION), in.options().getBlock1());
      return;
    }
    int to = (int) Math.min(payload.length, from + size);
    if (number == 0) {
      responseBodies.keep(in.key(), response);
    }
    byte[] slice = Arrays.copyOfRange(payload, (int) from, to);
    send(
        in.exchange(),
        response.with(response.contentFormat().orElse(0), slice),
        in.options().getBlock1(),
        new BlockOption(exponent, to < payload.length, number),
        etag(payload));
  }

  /**
   * Whether the peer has just that already, and asks for another only (RFC 7252 section 5.10.6).
   */
  private static boolean isKnown(Incoming in, Response response, byte[] payload) {
    return response.status() == Status.CONTENT
        && in.message().getCode() == CoAP.Code.GET
        && in.options().getETagCount() > 0
        && in.options().containsETag(etag(payload));
  }

  /** So that blocks of two answers are not put together as one (RFC 7959 section 2.4). */
  private static byte[] etag(byte[] payload) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(payload), ETAG_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new WardgateBug("every Java platform has SHA-256", e);
    }
  }

  private static void send(Exchange exchange, Response response, @Nullable BlockOption block1) {
    send(exchange, response, block1, null, NO_ETAG);
  }

  private static void send(
      Exchange exchange,
      Response response,
      @Nullable BlockOption block1,
      @Nullable BlockOption block2,
      byte[] etag) {
    org.eclipse.californium.core.coap.Response message =
        new BareRefusals.Answer(ResponseCode.valueOf(response.status().code()));
    OptionSet options = message.getOptions();
    byte[] payload = response.payload();
    if (payload.length > 0) {
      message.setPayload(payload);
      response.contentFormat().ifPresent(options::setContentFormat);
    }
    response.echo().ifPresent(echo -> options.addOption(Echoes.option(echo)));
    response.maxAge().ifPresent(age -> options.setMaxAge(age.toSeconds()));
    if (block1 != null) {
      options.setBlock1(block1.getSzx(), response.status() == Status.CONTINUE, block1.getNum());
    }
    if (block2 != null) {
      options.setBlock2(block2);
    }
    if (etag.length > 0) {
      options.addETag(etag);
    }
    exchange.sendResponse(message);
  }
}
