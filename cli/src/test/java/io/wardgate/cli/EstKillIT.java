// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.WardgateException;
import io.wardgate.ca.CertificationRequest;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.Pem;
import io.wardgate.cli.home.GatewayHome;
import io.wardgate.cli.home.OpenHome;
import io.wardgate.cli.home.ShortTempDir;
import io.wardgate.cli.home.UnlockSource;
import io.wardgate.est.EstClient;
import io.wardgate.exchange.SensorTransport;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.Campaign;
import io.wardgate.fixtures.Credential;
import io.wardgate.fixtures.Peer;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.GatewayTrust;
import io.wardgate.identity.SensorCredential;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.Role;
import io.wardgate.transport.DtlsTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is killed while it issues, again and again. */
@Tag("long")
class EstKillIT {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ROUNDS = Campaign.rounds(25, 1000);

  /** After so many at the most a gateway is killed. */
  private static final int MOST_OF_A_ROUND = 6;

  /** As many at once as a busy ward. */
  private static final int AT_ONCE = 4;

  /** More than are enrolled in all rounds together. */
  private static final int DEVICES = (MOST_OF_A_ROUND + 2 * AT_ONCE) * ROUNDS;

  /** Of what a device asks for, some tens of which are in the middle at any moment. */
  private static final int MOST_NANOS = 20_000_000;

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private final Authority maker = TestPki.authority("Maker");
  private final Deque<Asking> toCome = new ConcurrentLinkedDeque<>();
  private final Map<String, X509Certificate> given = new ConcurrentHashMap<>();
  private final Set<String> wasCutOff = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cutOff = new AtomicInteger();
  private Path home;

  /** A device and what it sends until it has its answer. */
  private record Asking(String serial, Credential idevid, String requestInHex) {

    byte[] request() {
      return HexFormat.of().parseHex(requestInHex);
    }
  }

  @Test
  void whatWasGivenIsWrittenDownAndNothingIsGivenTwice() throws Exception {
    home = directory.resolve("gw");
    wardgate("init", home.toString());
    maker.writeTo(home.resolve("maker.pem"));
    Files.writeString(
        home.resolve("gateway.toml"),
        "\n[enrolment]\nmanufacturer = \"maker.pem\"\n",
        StandardOpenOption.APPEND);
    expectAll();

    Random random = new Random(20261127);
    for (int round = 0; round < ROUNDS; round++) {
      killAfter(random.nextInt(MOST_OF_A_ROUND), random.nextInt(MOST_NANOS));
    }
    int beforeTheLast = given.size();
    finishThoseThatWereCutOff();

    assertThat(beforeTheLast).as("something was given in most rounds").isGreaterThan(ROUNDS);
    assertThat(cutOff).as("somebody was cut off while asking").hasPositiveValue();
    assertThat(wardgate("ledger", "verify", "--home", home.toString())).startsWith("OK ");
    Map<String, String> written = new HashMap<>();
    Set<String> numbers = new HashSet<>();
    wardgate("ledger", "export", "--home", home.toString())
        .lines()
        .filter(line -> line.contains("\"entry\":\"enrolled\""))
        .forEach(
            line -> {
              String number = line.replaceAll(".*\"serial\":\"([0-9a-f]+)\".*", "$1");
              String device = line.replaceAll(".*\"device\":\"([^\"]+)\".*", "$1");
              assertThat(numbers.add(number)).as("no certificate twice").isTrue();
              assertThat(written.put(device, number)).as("no device twice").isNull();
            });
    given.forEach(
        (serial, certificate) ->
            assertThat(written).containsEntry(serial, certificate.getSerialNumber().toString(16)));
    assertThat(written).as("nothing that nobody was given").hasSameSizeAs(given);
    Campaign.tell(
        "enrolment, kill -9: rounds=%d enrolled=%d cut off while asking=%d lost=0 twice=0"
            .formatted(ROUNDS, given.size(), cutOff.get()));
  }

  private void expectAll() throws Exception {
    try (OpenHome open =
        OpenHome.open(GatewayHome.at(home), UnlockSource.BESIDE_THE_HOME, CLOCK, RANDOM)) {
      for (int i = 0; i < DEVICES; i++) {
        open.registry()
            .invite(
                new Invitation(
                    DeviceId.of("pump-" + i),
                    Role.INFUSION_PUMP,
                    Optional.empty(),
                    CLOCK.instant().plus(Duration.ofDays(1))));
      }
    }
    for (int i = 0; i < DEVICES; i++) {
      toCome.add(asking("pump-" + i));
    }
  }

  private Asking asking(String serial) {
    Credential idevid = maker.issueDevice(serial);
    return new Asking(
        serial,
        idevid,
        HexFormat.of()
            .formatHex(
                CertificationRequest.inTheNameOf(idevid.leaf(), EcKeys.p256(RANDOM), RANDOM)));
  }

  /** Starts a gateway and kills it so long after it enrolled so many. */
  private void killAfter(int enrolled, int nanos) throws Exception {
    Process gateway = gateway();
    InetSocketAddress address = address(gateway);
    CompletableFuture<Void> over = new CompletableFuture<>();
    CountDownLatch enough = new CountDownLatch(enrolled);
    Thread[] threads = new Thread[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++) {
      threads[i] = new Thread(() -> enrolUntil(over, enough, address));
      threads[i].start();
    }
    assertThat(enough.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    LockSupport.parkNanos(nanos);
    gateway.destroyForcibly().waitFor();
    over.complete(null);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void finishThoseThatWereCutOff() throws Exception {
    Process gateway = gateway();
    try {
      InetSocketAddress address = address(gateway);
      // They come first again: who was cut off stands at the head of the queue.
      for (Asking next = toCome.peek();
          next != null && wasCutOff.contains(next.serial());
          next = toCome.peek()) {
        assertThat(enrolled(toCome.remove(), address, new CompletableFuture<>())).isTrue();
      }
    } finally {
      gateway.destroyForcibly().waitFor();
    }
  }

  private void enrolUntil(
      CompletableFuture<Void> over, CountDownLatch enough, InetSocketAddress address) {
    while (!over.isDone()) {
      Asking next = toCome.poll();
      if (next == null) {
        return;
      }
      if (enrolled(next, address, over)) {
        enough.countDown();
      } else {
        cutOff.incrementAndGet();
        wasCutOff.add(next.serial());
        toCome.addFirst(next);
      }
    }
  }

  private boolean enrolled(Asking asking, InetSocketAddress address, CompletableFuture<Void> over) {
    try (SensorTransport.Link link =
        DtlsTransport.to(address).open(credential(asking.idevid()), CLOCK)) {
      CompletableFuture<EstClient.Answer> asked =
          EstClient.over(link).enrol(asking.request()).toCompletableFuture();
      // A gateway that is gone answers nobody.
      CompletableFuture.anyOf(asked, over).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (!asked.isDone()) {
        return false;
      }
      EstClient.Answer answer = asked.get();
      X509Certificate certificate = answer.certificate().orElseThrow();
      X509Certificate before = given.put(asking.serial(), certificate);
      assertThat(before).isNull();
      return true;
    } catch (TimeoutException | ExecutionException | WardgateException | IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private SensorCredential credential(Credential idevid) throws IOException, WardgateException {
    X509Certificate authority =
        Pem.certificates(Files.readAllBytes(home.resolve("gateway-ca.pem"))).get(0);
    return SensorCredential.certificate(
        idevid.key(), idevid.chain(), GatewayTrust.anchoredAt(authority, "localhost"));
  }

  private Process gateway() throws IOException {
    return new ProcessBuilder(
            CommandLineIT.WARDGATE.toString(), "gateway", "--home", home.toString(), "--port", "0")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static InetSocketAddress address(Process gateway) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(gateway.getInputStream(), UTF_8)).readLine();
    assertThat(line).matches("listening coaps://localhost:[0-9]+");
    return new InetSocketAddress(
        "localhost", Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  private static String wardgate(String... words) {
    Peer.Outcome outcome = Peer.of(CommandLineIT.WARDGATE.toString(), words).run(LIMIT);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome.stdout();
  }
}
