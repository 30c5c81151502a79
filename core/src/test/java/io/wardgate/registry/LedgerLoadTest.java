// SPDX-License-Identifier: Apache-2.0
package io.wardgate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.journal.Journal;
import io.wardgate.keys.StateKeys;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large hospital's gateway restarts. */
class LedgerLoadTest {

  private static final int DEVICES = 100_000;
  private static final int GROUP = 600;
  private static final ObedientClock CLOCK = ObedientClock.at("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;
  private final StateKeys keys = StateKeys.generate(CLOCK, RANDOM);
  private final Random random = new Random(7);

  @Test
  void aHundredThousandDevicesAreLoadedInTwoSecondsAndAHundredMegabytes() throws Exception {
    LedgerPlace place = new LedgerPlace(folder, keys, CLOCK, RANDOM);
    LedgerRegistry.create(place).close();
    write(place);
    Duration fastest = Duration.ofDays(1);
    long leastHeap = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long heap = usedHeap();
      long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      try (LedgerRegistry ledger = LedgerRegistry.open(place)) {
        // This thread's work: how busy the machine is otherwise says nothing about us.
        long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Duration took = Duration.ofNanos(end - begun);
        fastest = took.compareTo(fastest) < 0 ? took : fastest;
        leastHeap = Math.min(leastHeap, usedHeap() - heap);
        assertThat(ledger.all()).hasSize(DEVICES);
      }
    }
    assertThat(fastest).isLessThan(Duration.ofSeconds(2));
    assertThat(leastHeap).isLessThan(100_000_000);
  }

  private void write(LedgerPlace place) throws Exception {
    try (Journal journal = Journal.open(place.journal(), record -> {})) {
      List<CompletionStage<Long>> underWay = new ArrayList<>();
      for (int i = 0; i < DEVICES; i++) {
        for (LedgerEntry entry : entries(DeviceId.of("pump-%06d".formatted(i)))) {
          underWay.add(journal.append(entry.kind().type(), 0, LedgerFormat.encode(entry)));
        }
        if (underWay.size() >= GROUP) {
          for (CompletionStage<Long> stage : underWay) {
            stage.toCompletableFuture().get();
          }
          underWay.clear();
        }
      }
    }
  }

  private List<LedgerEntry> entries(DeviceId device) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    IssuedCredential credential =
        new IssuedCertificate(
            new KeyFingerprint(HexFormat.of().formatHex(key)),
            new CertificateSerial(
                "0123456789abcdef", new BigInteger(158, random).setBit(158).toString(16)));
    return List.of(
        new LedgerEntry.Certified(device, credential),
        new LedgerEntry.Registered(
            new Registration(device, Role.INFUSION_PUMP, CLOCK.instant()).with(credential)));
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
