// SPDX-License-Identifier: Apache-2.0
package io.wardgate.gateway;

import static io.wardgate.Refusals.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.fixtures.KeyStretching;
import io.wardgate.fixtures.ObedientClock;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.disk.Fault;
import io.wardgate.fixtures.disk.SimulatedDisk;
import io.wardgate.keys.DurableFile;
import io.wardgate.keys.Pkcs12Vault;
import io.wardgate.keys.StateKeys;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import io.wardgate.state.Standing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A state begins whole, once, and takes over what version 0.1 left, wherever power fails. */
class StateFolderTest {

  private static final ObedientClock CLOCK = ObedientClock.at("2026-11-23T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final char[] UNLOCK = "as the test wants it".toCharArray();
  private static final KeyFingerprint KEY = KeyFingerprint.ofPskIdentity("wg-1");

  private static final String[] PARTS = {
    "ledger", "ledger.head", "audit", "audit.head", "revocations.head"
  };

  private static SimulatedDisk homeOfVersion01;

  private static final Instant SINCE = Instant.parse("2026-11-23T12:00:00Z");
  private static final Registration PUMP =
      new Registration(DeviceId.of("pump-1"), Role.INFUSION_PUMP, SINCE);
  private static final Registration TAG =
      new Registration(new DeviceId("acme", "tag-1"), Role.ASSET_TAG, SINCE).boundTo(KEY);
  private static final String OLD_FILE =
      "wardgate-devices 1\n"
          + "pump-1\tinfusion-pump\t2026-11-23T12:00:00Z\n"
          + "acme/tag-1\tasset-tag\t2026-11-23T12:00:00Z\t"
          + KEY
          + "\nend 2\n";

  private SimulatedDisk disk;

  @BeforeAll
  static void makeHome() throws Exception {
    KeyStretching.off();
    homeOfVersion01 = SimulatedDisk.withSeed(1);
    Path root = homeOfVersion01.root();
    Files.createDirectory(root.resolve("state"));
    Pkcs12Vault.create(root.resolve("keys.p12"), UNLOCK);
    DurableFile.replace(
        root.resolve("state").resolve("devices"), OLD_FILE.getBytes(StandardCharsets.US_ASCII));
    DurableFile.forceDirectory(root);
  }

  @AfterAll
  static void stretchAgain() {
    KeyStretching.on();
  }

  @BeforeEach
  void begin() {
    disk = homeOfVersion01.image(1);
  }

  @Test
  void aStateHasOneOwnerAtATime() throws Exception {
    SimulatedDisk disk = SimulatedDisk.withSeed(1);
    Path state = Files.createDirectory(disk.root().resolve("state"));
    Pkcs12Vault vault = Pkcs12Vault.create(disk.root().resolve("keys.p12"), UNLOCK);
    try (StateFolder first = StateFolder.open(state, vault, CLOCK, RANDOM)) {
      assertThat(first.ledger().all()).isEmpty();
      assertThat(reasonOf(() -> StateFolder.open(state, vault, CLOCK, RANDOM)))
          .isEqualTo(Reason.HOME_IN_USE);
    }
    StateFolder.open(state, vault, CLOCK, RANDOM).close();
  }

  @Test
  void takesOverTheDevicesOfVersion01() throws Exception {
    try (StateFolder folder = open()) {
      assertThat(folder.ledger().all()).containsExactlyInAnyOrder(PUMP, TAG);
      assertThat(folder.ledger().report().standing()).isEqualTo(Standing.SOUND);
      folder.ledger().revoke(PUMP.device(), Cause.LOST);
    }
    assertThat(content()).containsOnlyKeys(PARTS);
    try (StateFolder folder = open()) {
      assertThat(folder.ledger().all())
          .containsExactlyInAnyOrder(PUMP.in(DeviceState.REVOKED), TAG);
    }
  }

  @Test
  void aNewHomeBeginsWithoutDevices() throws Exception {
    Files.delete(state().resolve("devices"));
    try (StateFolder folder = open()) {
      assertThat(folder.ledger().all()).isEmpty();
      assertThat(folder.ledger().closedForIssuing()).isEmpty();
    }
    assertThat(content()).containsOnlyKeys(PARTS);
  }

  @Test
  @Provision("5.4-4")
  void ofTwoDevicesThatWereGivenOneKeyTheLaterIsSuspended() throws Exception {
    Files.writeString(
        state().resolve("devices"),
        OLD_FILE.replace("end 2", "tag-2\tasset-tag\t2026-11-23T12:00:00Z\t" + KEY + "\nend 3"));
    try (StateFolder folder = open()) {
      assertThat(folder.ledger().find(TAG.device())).contains(TAG);
      assertThat(folder.ledger().find(DeviceId.of("tag-2")).orElseThrow().state())
          .isEqualTo(DeviceState.SUSPENDED);
    }
  }

  @Test
  void aDamagedRegistryOfVersion01IsRefusedAndNothingIsChanged() throws Exception {
    Path old = state().resolve("devices");
    Files.writeString(old, OLD_FILE.replace("end 2", "end 3"));
    Map<String, String> before = content();
    assertThat(reasonOf(this::open)).isEqualTo(Reason.STATE_DAMAGED);
    assertThat(content()).isEqualTo(before);
    assertThat(StateKeys.in(vault(), RANDOM)).isEmpty();
    Files.writeString(old, OLD_FILE);
    open().close();
  }

  @Test
  @Provision("5.4-1")
  void aVaultThatIsOlderThanTheStateIsRefusedAndNothingIsThrownAway() throws Exception {
    byte[] older = Files.readAllBytes(disk.root().resolve("keys.p12"));
    open().close();
    Files.write(disk.root().resolve("keys.p12"), older);
    Map<String, String> before = content();
    assertThat(reasonOf(this::open)).isEqualTo(Reason.STATE_ROLLED_BACK);
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void aRegistryFilePutThereLaterIsNeitherReadNorThrownAway() throws Exception {
    open().close();
    Files.writeString(state().resolve("devices"), OLD_FILE.replace("pump-1", "pump-2"));
    try (StateFolder folder = open()) {
      assertThat(folder.ledger().all()).containsExactlyInAnyOrder(PUMP, TAG);
    }
    assertThat(state().resolve("devices")).exists();
  }

  @Test
  void aStateWhoseLedgerIsGoneIsNotANewOne() throws Exception {
    open().close();
    for (String part : content().keySet()) {
      delete(state().resolve(part));
    }
    try (StateFolder folder = open()) {
      assertThat(folder.ledger().closedForIssuing()).contains(Reason.STATE_ROLLED_BACK);
    }
  }

  @Test
  @Provision("5.9-1")
  void whereverPowerFailsEveryDeviceIsTakenOver() throws Exception {
    long operations = operationsOfOpening();
    assertThat(operations).isGreaterThan(20);
    for (long cut = 1; cut <= operations; cut++) {
      disk = homeOfVersion01.image(cut);
      tryToOpenUntil(cut);
      SimulatedDisk killed = disk.image(cut);
      disk.restart();
      assertTakenOver("power cut at " + cut);
      disk = killed;
      disk.killProcess();
      assertTakenOver("killed at " + cut);
    }
  }

  @Test
  @Provision("5.9-1")
  void powerMayFailAgainAndAgain() throws Exception {
    long operations = operationsOfOpening();
    for (long seed = 1; seed <= 10; seed++) {
      disk = homeOfVersion01.image(seed);
      java.util.Random random = new java.util.Random(seed);
      for (int i = 0; i < 3; i++) {
        tryToOpenUntil(1 + random.nextInt((int) operations));
        disk.restart();
      }
      assertTakenOver("seed " + seed);
    }
  }

  @Test
  @Provision("5.9-1")
  void whatFailsOnAFullOrBrokenDiskCanBeTriedAgain() throws Exception {
    long operations = operationsOfOpening();
    for (Fault fault : Fault.values()) {
      for (long at = 1; at <= operations; at += 5) {
        disk = homeOfVersion01.image(at);
        Pkcs12Vault vault = vault();
        disk.failAt(at, fault);
        try {
          open(vault).close();
        } catch (WardgateException e) {
          assertThat(e.reason()).isEqualTo(Reason.STATE_UNAVAILABLE);
        }
        disk.heal();
        open(vault).close();
        disk.restart();
        assertTakenOver(fault + " at " + at);
      }
    }
  }

  private long operationsOfOpening() throws Exception {
    long before = disk.operations();
    open().close();
    return disk.operations() - before;
  }

  private void tryToOpenUntil(long cut) throws Exception {
    Pkcs12Vault vault = vault();
    disk.cutPowerAt(cut);
    try {
      open(vault).close();
    } catch (WardgateException e) {
      assertThat(e.reason()).isEqualTo(Reason.STATE_UNAVAILABLE);
    }
  }

  private void assertTakenOver(String when) throws Exception {
    Pkcs12Vault vault = vault();
    for (int i = 0; i < 2; i++) {
      try (StateFolder folder = open(vault)) {
        assertThat(folder.ledger().all()).as(when).containsExactlyInAnyOrder(PUMP, TAG);
        assertThat(folder.ledger().report().standing()).as(when).isEqualTo(Standing.SOUND);
        assertThat(folder.trail().report().standing()).as(when).isEqualTo(Standing.SOUND);
      }
      assertThat(content()).as(when).containsOnlyKeys(PARTS);
    }
  }

  private StateFolder open() throws WardgateException, IOException {
    return open(vault());
  }

  private StateFolder open(Pkcs12Vault vault) throws WardgateException {
    return StateFolder.open(state(), vault, CLOCK, RANDOM);
  }

  private Pkcs12Vault vault() throws WardgateException, IOException {
    return Pkcs12Vault.open(disk.root().resolve("keys.p12"), UNLOCK);
  }

  private Path state() {
    return disk.root().resolve("state");
  }

  /** What lies in the state directory, and what is in its files. */
  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.list(state())) {
      // The lock holds nothing and is there once the state was opened.
      for (Path file : files.filter(file -> !file.endsWith("lock")).toList()) {
        content.put(
            file.getFileName().toString(),
            Files.isDirectory(file)
                ? "directory"
                : java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return content;
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      List<Path> deepestFirst = files.sorted(java.util.Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
