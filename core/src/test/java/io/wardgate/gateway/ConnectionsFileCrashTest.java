// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.disk.Fault;
import io.wardgate.fixtures.disk.SimulatedDisk;
import io.wardgate.keys.StateKeys;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a disk fails, no connections are ever given back twice. */
class ConnectionsFileCrashTest {

  private static final int SEEDS = 8;
  private static final int ROUNDS = 3;
  private static final byte[] HOST = {1};

  /** Of the next connections that are saved: no two are alike. */
  private int number;

  private final StateKeys keys = StateKeys.generate(InstantSource.system(), new SecureRandom());

  @Test
  @Provision("5.5-1")
  void afterAPowerCutAtAnyOperationNothingIsGivenBackTwice() {
    long all = operations();
    assertThat(all).isGreaterThan(20);
    int somethingLost = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      for (long cut = 1; cut <= all; cut++) {
        SimulatedDisk disk = SimulatedDisk.withSeed(seed);
        disk.cutPowerAt(cut);
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
  void whereOneOperationFailsNothingIsGivenBackTwice(Fault fault) {
    long all = operations();
    for (int seed = 0; seed < SEEDS; seed++) {
      for (long nth = 1; nth <= all; nth++) {
        SimulatedDisk disk = SimulatedDisk.withSeed(seed);
        disk.failAt(nth, fault);
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

  private long operations() {
    SimulatedDisk disk = SimulatedDisk.withSeed(0);
    assertThat(lives(disk)).hasSize(ROUNDS);
    return disk.operations();
  }

  /** A gateway that is stopped in order and started again a few times; what it was given back. */
  private List<String> lives(SimulatedDisk disk) {
    List<String> given = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      file(disk).take().ifPresent(all -> given.add(new String(all, UTF_8)));
      file(disk).save(("connections " + number++).getBytes(UTF_8));
    }
    file(disk).take().ifPresent(all -> given.add(new String(all, UTF_8)));
    return given;
  }

  private ConnectionsFile file(SimulatedDisk disk) {
    return new ConnectionsFile(disk.root(), keys, HOST);
  }
}
