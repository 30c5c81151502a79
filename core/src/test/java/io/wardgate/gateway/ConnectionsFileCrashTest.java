// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.disk.Fault;
import io.wardgate.fixtures.disk.SimulatedDisk;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.LedgerRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a disk fails, no connections are ever given back twice. */
class ConnectionsFileCrashTest {

  private static final int SEEDS = 2;
  private static final int ROUNDS = 2;
  private static final byte[] HOST = {1};
  private static final InstantSource CLOCK = InstantSource.system();
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of the next connections that are saved: no two are alike. */
  private int number;

  private final StateKeys keys = StateKeys.generate(CLOCK, RANDOM);

  @Test
  @Provision("5.5-1")
  void afterAPowerCutAtAnyOperationNothingIsGivenBackTwice() throws Exception {
    long all = operations();
    assertThat(all).isGreaterThan(20);
    int somethingLost = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      for (long cut = 1; cut <= all; cut++) {
        SimulatedDisk disk = withLedger(seed);
        disk.cutPowerAt(disk.operations() + cut);
        List<String> given = lives(disk);
        disk.restart();
        given.addAll(lives(disk));
        assertThat(given).as("seed %s, cut at %s", seed, cut).doesNotHaveDuplicates();
        somethingLost += given.size() < 2 * ROUNDS ? 1 : 0;
      }
    }
    assertThat(somethingLost).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void whereOneOperationFailsNothingIsGivenBackTwice(Fault fault) throws Exception {
    long all = operations();
    for (int seed = 0; seed < SEEDS; seed++) {
      for (long nth = 1; nth <= all; nth++) {
        SimulatedDisk disk = withLedger(seed);
        disk.failAt(disk.operations() + nth, fault);
        List<String> given = lives(disk);
        disk.heal();
        disk.cutPowerAt(disk.operations() + 1);
        given.addAll(lives(disk));
        disk.restart();
        given.addAll(lives(disk));
        assertThat(given).as("seed %s, %s at %s", seed, fault, nth).doesNotHaveDuplicates();
      }
    }
  }

  private long operations() throws Exception {
    SimulatedDisk disk = withLedger(0);
    long before = disk.operations();
    assertThat(lives(disk)).hasSize(ROUNDS);
    return disk.operations() - before;
  }

  private SimulatedDisk withLedger(int seed) throws WardgateException {
    SimulatedDisk disk = SimulatedDisk.withSeed(seed);
    LedgerRegistry.create(disk.root(), keys, CLOCK, RANDOM).close();
    return disk;
  }

  /** A gateway that is stopped in order and started again a few times; what it was given back. */
  private List<String> lives(SimulatedDisk disk) {
    List<String> given = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      try (LedgerRegistry ledger = LedgerRegistry.open(disk.root(), keys, CLOCK, RANDOM)) {
        ConnectionsFile file = new ConnectionsFile(disk.root(), keys, ledger, HOST);
        file.take().ifPresent(all -> given.add(new String(all, UTF_8)));
        if (round < ROUNDS) {
          file.save(("connections " + number++).getBytes(UTF_8));
        }
      } catch (WardgateException e) {
        // A gateway whose disk fails does not start.
        assertThat(e.reason()).isEqualTo(Reason.STATE_UNAVAILABLE);
      }
    }
    return given;
  }
}
