// SPDX-License-Identifier: Apache-2.0
package io.wardgate.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.Campaign;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.disk.Fault;
import io.wardgate.fixtures.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Power fails and disks fail at every operation: nothing acknowledged is lost, nothing made up. */
class JournalCrashTest {

  private static final List<Fault> FAULTS = List.copyOf(EnumSet.allOf(Fault.class));
  private static final JournalLimits SMALL =
      new JournalLimits(2048, 64 * 1024, JournalLimits.WhenFull.DROP_OLDEST, 1000, 1 << 20);

  /** How often each way to lose power is tried with other losses of what was not forced. */
  private static final int LOSSES = 6;

  @Test
  @Provision("5.9-1")
  void aPowerCutAtEveryOperationLosesNothingAcknowledged() throws Exception {
    long operations = smallScenario(SimulatedDisk.withSeed(1), disk -> {});
    assertThat(operations).isGreaterThan(30);
    for (long cut = 1; cut <= operations; cut++) {
      for (int seed = 0; seed < LOSSES; seed++) {
        SimulatedDisk disk = SimulatedDisk.withSeed(1000 * cut + seed);
        long nth = cut;
        try {
          smallScenario(disk, armed -> armed.cutPowerAt(nth));
        } catch (WardgateException | AssertionError e) {
          throw new AssertionError("cut at " + cut + ", seed " + seed + "\n" + disk.trace(), e);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aFaultAtEveryOperationIsAFailureAndNeverALoss(Fault fault) throws Exception {
    long operations = smallScenario(SimulatedDisk.withSeed(1), disk -> {});
    for (long operation = 1; operation <= operations; operation++) {
      SimulatedDisk disk = SimulatedDisk.withSeed(operation);
      long nth = operation;
      try {
        smallScenario(disk, armed -> armed.failAt(nth, fault));
      } catch (WardgateException | AssertionError e) {
        throw new AssertionError(fault + " at " + nth + "\n" + disk.trace(), e);
      }
    }
  }

  @Test
  void aLongLifeOfCrashesAndFaultsLosesNothingAcknowledged() throws Exception {
    long promises = 0;
    for (long seed : Campaign.seeds(200, 10_000)) {
      SimulatedDisk disk = SimulatedDisk.withSeed(seed);
      try {
        promises += longLife(disk, seed, false);
      } catch (WardgateException | IOException | AssertionError e) {
        throw new AssertionError("seed " + seed + "\n" + disk.trace(), e);
      }
    }
    Campaign.tell(
        "journal, crashes and faults: seeds=%d acknowledged=%d lost=0"
            .formatted(Campaign.rounds(200, 10_000), promises));
  }

  @Test
  void aLongLifeOnADiskThatAlsoRotsTellsEveryLoss() throws Exception {
    long promises = 0;
    for (long seed : Campaign.seeds(200, 10_000)) {
      SimulatedDisk disk = SimulatedDisk.withSeed(~seed);
      try {
        promises += longLife(disk, ~seed, true);
      } catch (WardgateException e) {
        // Two bits, one of them in the version, look like the future: refused, and told.
        if (e.reason() != Reason.STATE_NEWER) {
          throw new AssertionError("seed " + seed + "\n" + disk.trace(), e);
        }
      } catch (IOException | AssertionError e) {
        throw new AssertionError("seed " + seed + "\n" + disk.trace(), e);
      }
    }
    Campaign.tell(
        "journal, crashes, faults and flipped bits: seeds=%d acknowledged=%d untold=0 accepted damage=0"
            .formatted(Campaign.rounds(200, 10_000), promises));
  }

  @Test
  void aSeedGivesTheSameLifeTwice() throws Exception {
    List<byte[]> ends = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      SimulatedDisk disk = SimulatedDisk.withSeed(7);
      longLife(disk, 7, true);
      ends.add(disk.trace().getBytes(UTF_8));
      try (DirectoryStream<Path> all = Files.newDirectoryStream(disk.root().resolve("log"))) {
        for (Path file : all) {
          ends.add(Files.readAllBytes(file));
        }
      }
    }
    int half = ends.size() / 2;
    assertThat(ends).hasSizeGreaterThan(2);
    for (int i = 0; i < half; i++) {
      assertThat(ends.get(half + i)).as("%d of %d", i, half).isEqualTo(ends.get(i));
    }
  }

  /** Two openings, two groups, a full segment, a removal; then the end and a third opening. */
  private static long smallScenario(SimulatedDisk disk, Consumer<SimulatedDisk> arm)
      throws WardgateException {
    JournalPlace place = TestJournal.place(disk.root(), 3, SMALL);
    Journal.create(place).close();
    long before = disk.operations();
    arm.accept(disk);
    WriterRig rig = WriterRig.on(place);
    live(rig, disk);
    long operations = disk.operations() - before;
    if (disk.isDown()) {
      disk.restart();
    }
    disk.heal();
    rig.open(false);
    rig.commit(1, 10);
    rig.close();
    rig.open(false);
    rig.close();
    assertThat(rig.promises()).as("the disk is well: what is written now is kept").isPositive();
    return operations;
  }

  private static void live(WriterRig rig, SimulatedDisk disk) throws WardgateException {
    rig.open(false);
    rig.commit(1, 20);
    rig.commit(3, 300);
    rig.close();
    if (!disk.isDown()) {
      rig.open(false);
      rig.commit(2, 900);
      rig.commit(1, 900);
      rig.release(rig.promisedHead() - 2);
      rig.commit(1, 20);
      rig.close();
    }
  }

  private static long longLife(SimulatedDisk disk, long seed, boolean rots)
      throws WardgateException, IOException {
    Random random = new Random(seed);
    JournalPlace place = TestJournal.place(disk.root(), seed, SMALL);
    Journal.create(place).close();
    WriterRig rig = WriterRig.on(place);
    boolean harmed = false;
    rig.open(false);
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(12)) {
        case 0 -> disk.cutPowerAt(1 + random.nextInt(12));
        case 1 -> disk.failAt(1 + random.nextInt(8), anyOf(random));
        case 2 -> disk.failFrom(1 + random.nextInt(8), anyOf(random));
        case 3 -> disk.heal();
        case 4 -> {
          disk.killProcess();
          rig.open(harmed);
        }
        case 5 -> {
          if (rots) {
            rig.close();
            harmed |= rot(disk, random);
            rig.open(harmed);
          }
        }
        case 6 -> rig.release(rig.promisedHead() - random.nextInt(20));
        default -> rig.commit(1 + random.nextInt(4), random.nextInt(600));
      }
      if (disk.isDown()) {
        disk.restart();
        disk.heal();
        rig.open(harmed);
      }
    }
    rig.close();
    disk.restart();
    disk.heal();
    rig.open(harmed);
    return rig.promises();
  }

  private static Fault anyOf(Random random) {
    return FAULTS.get(random.nextInt(FAULTS.size()));
  }

  private static boolean rot(SimulatedDisk disk, Random random) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(disk.root().resolve("log"))) {
      all.forEach(files::add);
    }
    if (files.isEmpty()) {
      return false;
    }
    Collections.sort(files);
    Path file = files.get(random.nextInt(files.size()));
    if (Files.size(file) == 0) {
      return false;
    }
    disk.flipRandomBits(file, 1 + random.nextInt(3));
    return true;
  }
}
