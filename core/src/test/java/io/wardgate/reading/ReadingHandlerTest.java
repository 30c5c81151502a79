// SPDX-License-Identifier: Apache-2.0
package io.wardgate.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Method;
import io.wardgate.exchange.Request;
import io.wardgate.exchange.RequestHead;
import io.wardgate.fixtures.Authority;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.AuthenticatedPeer;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.registry.MapRegistry;
import io.wardgate.registry.Role;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many readings a device may hand in. */
class ReadingHandlerTest {

  private static final int PACK = 1000;
  private static final int PACKS_AT_ONCE = ReadingHandler.READINGS_AT_ONCE / PACK;

  private final ObedientClock clock = ObedientClock.at("2026-11-27T12:00:00Z");
  private final Authority devices = TestPki.authority("Device CA", clock);
  private final PeerVerifier peers =
      new PeerVerifier(
          DeviceTrust.anchoredAt(devices.certificate()),
          new MapRegistry().with("one", Role.ECG_PATCH).with("two", Role.ECG_PATCH),
          clock);
  private final AtomicLong nanos = new AtomicLong(5);
  private final List<Observation> delivered = new ArrayList<>();
  private final ReadingHandler handler =
      ReadingHandler.into(new Kept(), clock, nanos::get, new SecureRandom());

  @Test
  @Provision("5.9-1")
  void aDeviceThatFloodsIsToldToComeLaterAndNobodyElseIs() throws Exception {
    AuthenticatedPeer flooding = peer("one");
    for (int i = 0; i < PACKS_AT_ONCE; i++) {
      assertThat(refusal(flooding)).isEmpty();
    }
    assertThat(refusal(flooding)).contains(Reason.OVERLOADED);
    assertThat(delivered).hasSize(ReadingHandler.READINGS_AT_ONCE);
    assertThat(refusal(peer("two"))).isEmpty();

    nanos.addAndGet(PACK * ReadingHandler.ONE_MORE_AFTER.toNanos() - 1);
    assertThat(refusal(flooding)).contains(Reason.OVERLOADED);
    nanos.addAndGet(1);
    assertThat(refusal(flooding)).isEmpty();
  }

  @Test
  void aMonthWithoutALinkIsHandedInWithinAnHour() throws Exception {
    AuthenticatedPeer back = peer("one");
    long month = Duration.ofDays(31).toSeconds();
    long packs = 0;
    for (long left = month; left > 0; left -= PACK) {
      packs++;
    }
    long end = nanos.get() + Duration.ofHours(1).toNanos();
    for (long done = 0; done < packs; ) {
      if (refusal(back).isEmpty()) {
        done++;
        delivered.clear();
      } else {
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
      }
    }
    assertThat(nanos.get()).isLessThan(end);
  }

  private AuthenticatedPeer peer(String serial) throws WardgateException {
    return peers.verify(devices.issueDevice(serial).chain());
  }

  private Optional<Reason> refusal(AuthenticatedPeer peer) {
    byte[] pack =
        ("[" + "{\"n\":\"1\",\"v\":1},".repeat(PACK - 1) + "{\"n\":\"1\",\"v\":1}]")
            .getBytes(UTF_8);
    RequestHead head =
        new RequestHead(
            peer,
            Method.POST,
            List.of("vitals"),
            List.of(),
            OptionalInt.of(SenmlFormat.SENML_JSON.contentFormat()),
            OptionalInt.empty(),
            pack.length);
    try {
      handler.handle(new Request(head, pack)).toCompletableFuture().join();
      return Optional.empty();
    } catch (CompletionException e) {
      return Optional.of(((WardgateException) e.getCause()).reason());
    }
  }

  /** Keeps them in memory. */
  private final class Kept implements Uplink {

    @Override
    public CompletionStage<Void> deliver(List<Observation> observations) {
      delivered.addAll(observations);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
      delivered.clear();
    }
  }
}
