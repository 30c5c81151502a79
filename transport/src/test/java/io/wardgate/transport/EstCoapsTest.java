// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.access.AccessPolicy;
import io.wardgate.audit.SecurityEvent;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.EmbeddedAuthority;
import io.wardgate.est.Est;
import io.wardgate.est.EstServer;
import io.wardgate.est.WaitingDevice;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Response;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.exchange.Status;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.NeedsPeer;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.gateway.Gateway;
import io.wardgate.gateway.GatewayState;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.GatewayIdentity;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.LedgerRegistry;
import io.wardgate.registry.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Enrolment over the network, by clients of others: the interoperability cases TD_ACE_est-coaps_01
 * to 09 of the RFC's authors, under their numbers, and what our own devices do.
 */
class EstCoapsTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final String CERTIFICATE = "287";

  @TempDir Path folder;
  private final Authority maker = TestPki.authority("Maker");
  private final Authority gatewayCa = TestPki.authority("Gateway CA");
  private final Credential identity = gatewayCa.server("localhost").ip("127.0.0.1").issue();
  private final EmbeddedAuthority operator =
      EmbeddedAuthority.selfSigned("Operator", Duration.ofDays(3650), CLOCK, RANDOM);
  private final List<SecurityEvent> told = new CopyOnWriteArrayList<>();
  private final Credential pump = maker.issueDevice(PUMP.serial());
  private LedgerRegistry ledger;
  private Gateway gateway;
  private List<String> idevid;
  private Path gatewayAuthority;
  private String client = "coap-client-openssl";

  @BeforeEach
  void start() throws Exception {
    ledger =
        LedgerRegistry.create(
            Files.createDirectory(folder.resolve("state")),
            StateKeys.generate(CLOCK, RANDOM),
            CLOCK,
            RANDOM);
    gateway =
        Gateway.builder()
            .identity(GatewayIdentity.of(identity.key(), identity.chain()))
            .trust(
                DeviceTrust.manufacturer("", maker.certificate())
                    .and(DeviceTrust.anchoredAt(operator.certificate())))
            .access(AccessPolicy.denyAll().allow(Role.INFUSION_PUMP, Method.POST, "/echo"))
            .state(GatewayState.with(ledger))
            .transport(DtlsTransport.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .enrolment(Est.issuedBy(operator).tellingOf(gatewayCa.certificate()))
            .resource(
                "/echo", request -> CompletableFuture.completedFuture(Response.of(Status.CHANGED)))
            .onSecurityEvent(told::add)
            .build();
    gateway.start();
    Credential.PemFiles files = pump.writeTo(Files.createDirectories(folder.resolve("idevid")));
    idevid = List.of("-c", text(files.cert()), "-j", text(files.key()));
    gatewayAuthority = gatewayCa.writeTo(folder.resolve("gateway-ca.pem"));
  }

  @AfterEach
  void stop() {
    gateway.close();
    ledger.close();
  }

  @Test
  @NeedsPeer({"coap-client-openssl", "openssl"})
  void tdAceEstCoaps01AuthoritiesInOneAnswer() throws Exception {
    assertThat(subjects(fetched("/crts"))).contains("CN = Operator", "CN = Gateway CA");
  }

  @Test
  @NeedsPeer("coap-client-openssl")
  void tdAceEstCoaps02AuthoritiesInBlocksOf64() throws Exception {
    assertThat(fetched("/crts", "-b", "64")).isEqualTo(fetched("/crts"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"coap-client-openssl", "coap-client-gnutls"})
  @NeedsPeer({"coap-client-openssl", "coap-client-gnutls", "openssl"})
  @Provision("5.1-1")
  @Provision("5.4-4")
  void tdAceEstCoaps03WhoIsExpectedGetsACertificateThatOpensWhatTheFirstDoesNot(String by)
      throws Exception {
    client = by;
    invite();
    assertThat(echo(idevid)).contains("4.03");
    List<String> enrolled = enrolled();

    assertThat(echo(enrolled)).contains("2.04");
    assertThat(echo(idevid)).contains("4.03");
    await().until(() -> ledger.find(PUMP).orElseThrow().state() == DeviceState.ACTIVE);
    assertThat(reasons()).contains(Reason.ENROLMENT_ONLY);
  }

  @Test
  @NeedsPeer({"coap-client-openssl", "openssl"})
  void tdAceEstCoaps04WhoIsNotExpectedIsToldToAskAgainAndGetsItWhenApproved() throws Exception {
    Path request = request("first");
    String said = post(idevid, "/sen", request, "-v", "7");
    assertThat(said).contains("5.03").contains("Max-Age:60");
    EstServer est = gateway.enrolment().orElseThrow();
    assertThat(est.waiting()).extracting(WaitingDevice::device).containsExactly(PUMP);

    est.approve(PUMP, Role.INFUSION_PUMP, CLOCK.instant().plusSeconds(60));
    byte[] first = given(idevid, "/sen", request);
    assertThat(given(idevid, "/sen", request)).isEqualTo(first);
    assertThat(ledger.find(PUMP).orElseThrow().credentials()).hasSize(1);
  }

  @Test
  @NeedsPeer({"coap-client-openssl", "openssl"})
  @Provision("5.4-4")
  void tdAceEstCoaps05ACertificateIsRenewedByTheOneBefore() throws Exception {
    invite();
    List<String> before = enrolled();
    assertThat(echo(before)).contains("2.04");
    List<String> after = certified("second", given(before, "/sren", request("second")));

    assertThat(echo(before)).contains("2.04");
    assertThat(echo(after)).contains("2.04");
    await().until(() -> ledger.find(PUMP).orElseThrow().credentials().size() == 1);
    assertThat(echo(before)).doesNotContain("2.04");
  }

  @Test
  @NeedsPeer({"coap-client-openssl", "openssl"})
  void tdAceEstCoaps06ARequestAndItsAnswerInBlocksOf64() throws Exception {
    invite();
    byte[] given = given(idevid, "/sen", request("first"), "-b", "64");
    assertThat(echo(certified("first", given))).contains("2.04");
  }

  @Test
  @NeedsPeer({"coap-client-openssl", "openssl"})
  void tdAceEstCoaps07NoKeyIsMadeForADevice() throws Exception {
    invite();
    for (String path : List.of("/skg", "/skc", "/arbitrary-label/sen")) {
      assertThat(post(idevid, path, request("first"))).contains("4.04");
    }
    assertThat(ledger.all()).isEmpty();
  }

  @Test
  @NeedsPeer({"coap-client-openssl", "openssl"})
  void tdAceEstCoaps08WhatARequestShouldHave() throws Exception {
    Path attributes = Files.write(folder.resolve("att"), fetched("/att"));
    assertThat(
            Peer.of("openssl", "asn1parse", "-inform", "DER", "-in", attributes.toString())
                .run(LIMIT)
                .output())
        .contains("prime256v1", "ecdsa-with-SHA256");
  }

  @Test
  @NeedsPeer("coap-client-openssl")
  void tdAceEstCoaps09TheResourcesAreFoundByTheirTypes() throws Exception {
    String links = run(idevid, List.of("-m", "get"), "/.well-known/core?rt=ace.est*");
    assertThat(links)
        .contains("</.well-known/est/crts>;rt=\"ace.est.crts\"")
        .contains("</.well-known/est/sen>;rt=\"ace.est.sen\"")
        .contains("</.well-known/est/sren>;rt=\"ace.est.sren\"")
        .contains("</.well-known/est/att>;rt=\"ace.est.att\"")
        .doesNotContain("/echo");
  }

  /** N21. */
  @Test
  @NeedsPeer({"coap-client-openssl", "openssl"})
  void n21TheWrongFormatMethodOrSizeIsToldByItsCode() throws Exception {
    invite();
    Path request = request("first");
    assertThat(run(idevid, List.of("-m", "post", "-t", "285", "-f", text(request)), est("/sen")))
        .contains("4.15");
    assertThat(
            run(
                idevid,
                List.of("-m", "post", "-t", "286", "-A", "60", "-f", text(request)),
                est("/sen")))
        .contains("4.06");
    assertThat(run(idevid, List.of("-m", "get"), est("/sen"))).contains("4.05");
    Path large = Files.write(folder.resolve("large"), new byte[8192]);
    assertThat(post(idevid, "/sen", large)).contains("4.13");
    assertThat(post(idevid, "/sen", Files.write(folder.resolve("junk"), new byte[64])))
        .contains("4.00");
    assertThat(ledger.all()).isEmpty();
    assertThat(given(idevid, "/sen", request, "-A", CERTIFICATE)).isNotEmpty();
  }

  @Test
  @NeedsPeer("coap-client-openssl")
  void authoritiesThatAreKnownAreNotSentAgain() throws Exception {
    byte[] whole = fetched("/crts");
    String verbose = run(idevid, List.of("-m", "get", "-v", "7"), est("/crts"));
    String tag = verbose.replaceAll("(?s).*ETag:0x([0-9a-f]{16}).*", "$1");
    assertThat(tag).hasSize(16);
    String again = run(idevid, List.of("-m", "get", "-v", "7", "-O", "4,0x" + tag), est("/crts"));
    assertThat(again).contains("2.03");
    assertThat(again.length()).isLessThan(verbose.length());
    assertThat(whole).isNotEmpty();
  }

  /** N19: everybody asks at once, again and again. */
  @Test
  @Provision("5.9-3")
  void n19AFloodOfRequestsStarvesNobodyAndIsForgotten() throws Exception {
    invite();
    Path request = request("first");
    List<String> working = certified("first", given(idevid, "/sen", request));
    List<SensorTransport.Link> links = new ArrayList<>();
    List<CompletableFuture<Response>> asked = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        String serial = "new-" + i;
        Credential first = maker.issueDevice(serial);
        SensorTransport.Link link = link(first);
        links.add(link);
        byte[] csr = CertificationRequest.inTheNameOf(first.leaf(), EcKeys.p256(RANDOM), RANDOM);
        asked.add(link.send(Method.POST, est("/sen"), 286, csr).toCompletableFuture());
      }
      assertThat(echo(working)).contains("2.04");
      for (CompletableFuture<Response> answer : asked) {
        assertThat(answer.get(60, TimeUnit.SECONDS).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
      }
    } finally {
      links.forEach(SensorTransport.Link::close);
    }
    assertThat(ledger.all()).hasSize(1);
    assertThat(gateway.enrolment().orElseThrow().waiting()).hasSizeBetween(1, 100);
  }

  private void invite() throws WardgateException {
    ledger.invite(
        new Invitation(
            PUMP, Role.INFUSION_PUMP, Optional.empty(), CLOCK.instant().plusSeconds(600)));
  }

  private SensorTransport.Link link(Credential credential) throws WardgateException {
    return DtlsTransport.to(gateway.address())
        .open(
            SensorCredential.certificate(
                credential.key(),
                credential.chain(),
                GatewayTrust.anchoredAt(gatewayCa.certificate(), "localhost")),
            CLOCK);
  }

  /** Made by {@code openssl req}, with a key of its own beside it. */
  private Path request(String name) {
    Path key = folder.resolve(name + ".key");
    Path request = folder.resolve(name + ".csr");
    openssl(
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", text(key));
    openssl(
        "req",
        "-new",
        "-key",
        text(key),
        "-subj",
        "/CN=pump-1/serialNumber=pump-1",
        "-outform",
        "DER",
        "-out",
        text(request));
    return request;
  }

  /** Its own certificate, enrolled for and ready to be used. */
  private List<String> enrolled() throws Exception {
    return certified("first", given(idevid, "/sen", request("first")));
  }

  private List<String> certified(String name, byte[] certsOnly) throws Exception {
    Path answer = Files.write(folder.resolve(name + ".p7"), certsOnly);
    Path certificate = folder.resolve(name + ".crt");
    openssl(
        "pkcs7", "-inform", "DER", "-in", text(answer), "-print_certs", "-out", text(certificate));
    return List.of("-c", text(certificate), "-j", text(folder.resolve(name + ".key")));
  }

  private byte[] fetched(String path, String... more) throws Exception {
    return output(idevid, list(List.of("-m", "get"), more), est(path));
  }

  private byte[] given(List<String> credential, String path, Path request, String... more)
      throws Exception {
    return output(
        credential, list(List.of("-m", "post", "-t", "286", "-f", text(request)), more), est(path));
  }

  private byte[] output(List<String> credential, List<String> arguments, String path)
      throws Exception {
    Path out = folder.resolve("out");
    Files.deleteIfExists(out);
    String said = run(credential, list(arguments, "-o", text(out)), path);
    assertThat(out).as(said).exists();
    return Files.readAllBytes(out);
  }

  private String post(List<String> credential, String path, Path request, String... more) {
    return run(
        credential, list(List.of("-m", "post", "-t", "286", "-f", text(request)), more), est(path));
  }

  private String echo(List<String> credential) {
    return run(credential, List.of("-m", "post", "-v", "7", "-e", "hello"), "/echo");
  }

  private String run(List<String> credential, List<String> arguments, String path) {
    List<String> all = new ArrayList<>(credential);
    all.addAll(List.of("-C", text(gatewayAuthority)));
    all.addAll(List.of("-B", "10"));
    all.addAll(arguments);
    all.add("coaps://localhost:" + gateway.address().getPort() + path);
    return Peer.of(client).with(all.toArray(String[]::new)).run(LIMIT).output();
  }

  private String subjects(byte[] certsOnly) throws Exception {
    Path file = Files.write(folder.resolve("crts.p7"), certsOnly);
    return Peer.of("openssl", "pkcs7", "-inform", "DER", "-in", text(file), "-print_certs")
        .run(LIMIT)
        .output();
  }

  private static void openssl(String... arguments) {
    Peer.Outcome outcome = Peer.of("openssl").with(arguments).run(LIMIT);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }

  private static String est(String path) {
    return EstServer.BASE + path;
  }

  private static String text(Path path) {
    return path.toString();
  }

  private static List<String> list(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(Arrays.asList(more));
    return all;
  }

  private List<Reason> reasons() {
    return told.stream().flatMap(event -> event.reason().stream()).toList();
  }
}
