// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session may send, message by message: a device whose CoAP is bent by hand. */
class ExchangeTest {

  private static final int BLOCK = 1024;
  private static final int EXPONENT = 6;

  @TempDir Path state;
  private TestGateway ward;
  private BentDevice pump;

  @BeforeEach
  void start() throws Exception {
    ward = new TestGateway(state);
    pump = new BentDevice("pump-1");
  }

  @AfterEach
  void stop() {
    pump.close();
    ward.close();
  }

  @Test
  void aRepeatedConfirmablePostRunsItsHandlerOnce() throws Exception {
    Request first = post("/echo", bytes("stop"));
    first.setMID(4711);
    assertThat(code(pump.send(first))).isEqualTo("2.04");
    Request again = post("/echo", bytes("stop"));
    again.setMID(4711);
    again.setToken(first.getToken());
    assertThat(code(pump.send(again))).isEqualTo("2.04");
    assertThat(ward.received).hasSize(1);
  }

  @Test
  void theSameMessageIdInANewSessionIsANewMessage() throws Exception {
    Request first = post("/echo", bytes("one"));
    first.setMID(4711);
    pump.send(first);
    pump.startOver();
    Request second = post("/echo", bytes("two"));
    second.setMID(4711);
    assertThat(code(pump.send(second))).isEqualTo("2.04");
    assertThat(ward.received).hasSize(2);
  }

  @Test
  void equalContentTwiceIsTwoRequests() throws Exception {
    pump.send(post("/echo", bytes("same")));
    pump.send(post("/echo", bytes("same")));
    assertThat(ward.received).hasSize(2);
  }

  @Test
  @Provision("5.5-5")
  void decidesAccessOnTheFirstBlock() throws Exception {
    try (BentDevice glucose = new BentDevice("sugar-1", true)) {
      assertThat(code(glucose.send(block("/pump", 0, true, new byte[BLOCK])))).isEqualTo("4.03");
    }
    ward.refused(Reason.ROLE_NOT_ALLOWED);
  }

  @Test
  void decidesTheContentFormatOnTheFirstBlock() throws Exception {
    Request request = block("/echo", 0, true, new byte[BLOCK]);
    request.getOptions().setContentFormat(60);
    assertThat(code(pump.send(request))).isEqualTo("4.15");
    ward.refused(Reason.CONTENT_FORMAT_UNSUPPORTED);
  }

  @Test
  @Provision("5.13-1B")
  void decidesTheSizeOnTheFirstBlockThatAnnouncesIt() throws Exception {
    Request request = block("/echo", 0, true, new byte[BLOCK]);
    request.getOptions().setSize1(65_537);
    assertThat(code(pump.send(request))).isEqualTo("4.13");
    ward.refused(Reason.BODY_TOO_LARGE);
  }

  @Test
  void neverHoldsMoreThanTheLimitOfAnUnannouncedBody() throws Exception {
    for (int number = 0; number < 64; number++) {
      assertThat(code(pump.send(block("/echo", number, true, new byte[BLOCK])))).isEqualTo("2.31");
    }
    assertThat(code(pump.send(block("/echo", 64, true, new byte[BLOCK])))).isEqualTo("4.13");
    assertThat(ward.received).isEmpty();
    ward.refused(Reason.BODY_TOO_LARGE);
  }

  @Test
  @Provision("5.13-1B")
  void refusesABlockThatSkipsAPlace() throws Exception {
    pump.send(block("/echo", 0, true, new byte[BLOCK]));
    assertThat(code(pump.send(block("/echo", 2, true, new byte[BLOCK])))).isEqualTo("4.08");
    ward.refused(Reason.BLOCK_OUT_OF_SEQUENCE);
  }

  @Test
  void refusesABlockThatContinuesNothing() throws Exception {
    assertThat(code(pump.send(block("/echo", 3, false, bytes("end"))))).isEqualTo("4.08");
    ward.refused(Reason.BLOCK_OUT_OF_SEQUENCE);
  }

  @Test
  void refusesABlockShorterThanItSays() throws Exception {
    assertThat(code(pump.send(block("/echo", 0, true, new byte[100])))).isEqualTo("4.00");
    assertThat(ward.received).isEmpty();
  }

  @Test
  @Provision("5.13-1B")
  void neverMixesTheBlocksOfTwoDevices() throws Exception {
    try (BentDevice other = new BentDevice("pump-2")) {
      pump.send(block("/echo", 0, true, new byte[BLOCK]));
      assertThat(code(other.send(block("/echo", 1, false, bytes("mine"))))).isEqualTo("4.08");
    }
    assertThat(ward.received).isEmpty();
  }

  @Test
  void beginsAnewAtASecondFirstBlock() throws Exception {
    pump.send(block("/echo", 0, true, filled(1)));
    pump.send(block("/echo", 0, true, filled(2)));
    assertThat(code(pump.send(block("/echo", 1, false, bytes("end"))))).isEqualTo("2.04");
    byte[] body = ward.received.get(0).payload();
    assertThat(body).hasSize(BLOCK + 3);
    assertThat(body[0]).isEqualTo((byte) 2);
  }

  @Test
  void refusesCriticalOptionsItDoesNotHonour() throws Exception {
    Request conditional = post("/echo", bytes("x"));
    conditional.getOptions().setIfNoneMatch(true);
    assertThat(code(pump.send(conditional))).isEqualTo("4.02");
    Request proxied = post("/echo", bytes("x"));
    proxied.getOptions().setProxyUri("coap://10.0.0.1/pump");
    assertThat(code(pump.send(proxied))).isEqualTo("4.02");
    // The substrate knows Q-Block1 and Q-Block2, and would hand each piece over as a whole body.
    for (int number : new int[] {19, 31}) {
      Request piece = post("/echo", new byte[BLOCK]);
      piece.getOptions().addOtherOption(new RawOption(number, new byte[] {14}));
      assertThat(code(pump.send(piece))).as("option %s", number).isEqualTo("4.02");
    }
    assertThat(ward.received).isEmpty();
  }

  @Test
  @Provision("5.5-5")
  void neverMixesTheBlocksOfTwoBodiesOfOneSession() throws Exception {
    Request first = block("/echo", 0, true, new byte[BLOCK]);
    first.getOptions().addOtherOption(new RawOption(292, new byte[] {1}));
    assertThat(code(pump.send(first))).isEqualTo("2.31");
    Request ofAnother = block("/echo", 1, false, bytes("held back"));
    ofAnother.getOptions().addOtherOption(new RawOption(292, new byte[] {2}));
    assertThat(code(pump.send(ofAnother))).isEqualTo("4.08");
    assertThat(ward.received).isEmpty();
    Request last = block("/echo", 1, false, bytes("mine"));
    last.getOptions().addOtherOption(new RawOption(292, new byte[] {1}));
    assertThat(code(pump.send(last))).isEqualTo("2.04");
    assertThat(ward.received.get(0).payload()).endsWith(bytes("mine"));
  }

  @Test
  void theBlocksOfOneAnswerCarryOneTagAndThoseOfAnotherAnother() throws Exception {
    byte[] tag = null;
    for (int number = 0; number < 5; number++) {
      Request get = new Request(CoAP.Code.GET, CoAP.Type.CON);
      get.getOptions().setUriPath("/large").setBlock2(new BlockOption(EXPONENT, false, number));
      OptionSet answered = pump.send(get).getOptions();
      assertThat(answered.getETagCount()).isOne();
      byte[] etag = answered.getETags().get(0);
      assertThat(etag).hasSize(8).isEqualTo(tag == null ? etag : tag);
      tag = etag;
    }
  }

  @Test
  @Provision("5.6-2")
  void saysNothingAboutWhatItCouldNotRead() throws Exception {
    Request odd = post("/echo", bytes("x"));
    // A Block1 of four bytes is longer than the option may be.
    odd.getOptions().addOtherOption(new RawOption(27, new byte[] {1, 1, 1, 1}));
    Response refusal = pump.send(odd);
    assertThat(code(refusal)).startsWith("4.0");
    assertThat(refusal.getPayloadSize()).isZero();
  }

  @Test
  void answersAMethodItDoesNotKnowWithNotAllowed() throws Exception {
    Request fetch = new Request(CoAP.Code.FETCH, CoAP.Type.CON);
    fetch.getOptions().setUriPath("/echo");
    assertThat(code(pump.send(fetch))).isEqualTo("4.05");
  }

  @Test
  @Provision("5.5-4")
  void takesNoSegmentWithASlashForAPath() throws Exception {
    Request request = post("/echo", bytes("x"));
    request.getOptions().clearUriPath().addUriPath("pump/../echo");
    assertThat(code(pump.send(request))).isEqualTo("4.03");
    Request twice = post("/echo", bytes("x"));
    twice.getOptions().clearUriPath().addUriPath("").addUriPath("echo");
    assertThat(code(pump.send(twice))).isEqualTo("4.03");
    assertThat(ward.received).isEmpty();
  }

  @Test
  void answersASlowHandlerWhenItIsDone() throws Exception {
    CompletableFuture<Response> answer = pump.begin(post("/slow", bytes("x")));
    await().until(() -> ward.gateway().metrics().outstanding() == 1);
    assertThat(answer).isNotDone();
    ward.slow.complete(io.wardgate.exchange.Response.of(io.wardgate.exchange.Status.CHANGED));
    assertThat(code(answer.get(10, TimeUnit.SECONDS))).isEqualTo("2.04");
  }

  @Test
  void answersAlsoWhenCoapCannotCarryWhatAHandlerSaid() throws Exception {
    ward.slow.complete(io.wardgate.exchange.Response.content(70_000, bytes("x")));
    assertThat(code(pump.send(post("/slow", bytes("x"))))).isEqualTo("5.00");
  }

  @Test
  @Provision("5.12-1")
  void leavesNoFileOfTheSubstrateBehind() throws Exception {
    pump.send(post("/echo", bytes("x")));
    try (Stream<Path> files = Files.list(Path.of("").toAbsolutePath())) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.endsWith("3.properties"));
    }
  }

  private static Request post(String path, byte[] payload) {
    Request request = new Request(CoAP.Code.POST, CoAP.Type.CON);
    OptionSet options = request.getOptions();
    options.setUriPath(path);
    options.setContentFormat(TestGateway.TEXT);
    request.setPayload(payload);
    return request;
  }

  private static Request block(String path, int number, boolean more, byte[] payload) {
    Request request = post(path, payload);
    request.getOptions().setBlock1(new BlockOption(EXPONENT, more, number));
    return request;
  }

  private static byte[] filled(int value) {
    byte[] block = new byte[BLOCK];
    Arrays.fill(block, (byte) value);
    return block;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String code(Response response) {
    return response.getCode().toString();
  }

  /** An option as it is to go on the wire, whatever its definition says. */
  private static final class RawOption extends org.eclipse.californium.core.coap.Option {

    RawOption(int number, byte[] value) {
      super(
          new org.eclipse.californium.core.coap.option.OpaqueOptionDefinition(
              number, "raw", false, 0, 8),
          value);
    }
  }

  /** A device with a proper credential and improper messages. */
  private final class BentDevice implements AutoCloseable {

    private final DTLSConnector connector;
    private final CoapEndpoint endpoint;

    BentDevice(String serial) throws Exception {
      this(serial, false);
    }

    BentDevice(String serial, boolean glucose) throws Exception {
      var own = ward.device(serial, glucose ? TestGateway.GLUCOSE : TestGateway.PUMP);
      Configuration settings = DtlsSettings.sensor(true, false);
      // Blocks are ours to bend.
      settings.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 0);
      connector =
          new DTLSConnector(
              DtlsConnectorConfig.builder(settings)
                  .setCertificateIdentityProvider(
                      new SingleCertificateProvider(
                          own.key(),
                          own.chain().toArray(new java.security.cert.X509Certificate[0]),
                          CertificateType.X_509))
                  .setAdvancedCertificateVerifier(
                      new GatewayGate(ward.trust(), java.time.InstantSource.system()))
                  .build());
      endpoint =
          new CoapEndpoint.Builder().setConfiguration(settings).setConnector(connector).build();
      endpoint.start();
    }

    CompletableFuture<Response> begin(Request request) {
      CompletableFuture<Response> answer = new CompletableFuture<>();
      request.setDestinationContext(new AddressEndpointContext(ward.address()));
      request.addMessageObserver(
          new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
              answer.complete(response);
            }

            @Override
            protected void failed() {
              answer.completeExceptionally(new WardgateException(Reason.CLOSED, "no answer"));
            }
          });
      request.send(endpoint);
      return answer;
    }

    Response send(Request request) throws Exception {
      return begin(request).get(20, TimeUnit.SECONDS);
    }

    void startOver() {
      connector.clearConnectionState();
    }

    @Override
    public void close() {
      endpoint.destroy();
    }
  }
}
