// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.audit.AuditFormat;
import io.wardgate.cli.home.HomeRestore.Restored;
import io.wardgate.fixtures.Provision;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.Registration;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class HomeRestoreTest {

  /** Where a segment's head holds its own key, wrapped; see docs/adr/0006. */
  private static final int WRAPPED_KEY_AT = 92;

  private static final int WRAPPED_KEY_BYTES = 60;

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private GatewayHome home;
  private Path file;
  private BigInteger serialBefore = BigInteger.ZERO;

  @BeforeEach
  void backUp() throws Exception {
    home = TestHome.in(directory);
    file = directory.resolve("gw.backup");
    try (OpenHome open = TestHome.open(home)) {
      serialBefore = TestHome.register(open.desk(), "pump-1");
      TestHome.register(open.desk(), "pump-2");
      open.desk().revoke(DeviceId.of("pump-2"), Cause.STOLEN);
    }
    backUp(file);
  }

  @Test
  void aRestoredHomeHasItsDevicesAndSaysThatItWasRestored() throws Exception {
    Restored restored = restore("r");

    assertThat(restored.epoch()).isEqualTo(2);
    GatewayHome again = GatewayHome.at(directory.resolve("r"));
    HomeState state =
        HomeState.of(again, UnlockSource.BESIDE_THE_HOME, TestHome.CLOCK, TestHome.RANDOM);
    assertThat(state.ledger().all())
        .extracting(Registration::state)
        .containsExactly(DeviceState.ISSUED, DeviceState.REVOKED);
    assertThat(state.ledger().epoch()).isEqualTo(2);
    assertThat(state.verifyLedger().standing().reason()).isEmpty();
    assertThat(state.verifyAudit().standing().reason()).isEmpty();
    StringBuilder trail = new StringBuilder();
    state.exportAudit(AuditFormat.JSON_LINES, trail);
    assertThat(trail.toString().lines()).last().asString().contains("home-restored", "epoch 2");
    StringBuilder ledger = new StringBuilder();
    state.exportLedger(ledger);
    assertThat(ledger.toString().lines())
        .last()
        .asString()
        .contains("\"entry\":\"restored\",\"head\":" + restored.head());
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aHomeRestoredTwiceIsInItsThirdEpoch() throws Exception {
    restore("r");
    new HomeBackup(TestHome.CLOCK, TestHome.RANDOM)
        .make(
            GatewayHome.at(directory.resolve("r")),
            UnlockSource.BESIDE_THE_HOME,
            directory.resolve("second"));

    assertThat(restore(directory.resolve("second"), "s").epoch()).isEqualTo(3);
  }

  @Test
  @Provision("5.1-1")
  void serialNumbersIdsAndKeysNeverComeAgain() throws Exception {
    restore("r");
    Set<BigInteger> serials = new HashSet<>(Set.of(serialBefore));
    for (GatewayHome each : List.of(home, GatewayHome.at(directory.resolve("r")))) {
      try (OpenHome open = TestHome.open(each)) {
        for (int i = 10; i < 20; i++) {
          assertThat(serials.add(TestHome.register(open.desk(), "pump-" + i))).isTrue();
        }
        assertThat(
                catchThrowableOfType(
                        WardgateException.class,
                        () ->
                            open.desk()
                                .certify(DeviceId.of("pump-1"), TestHome.ROLE, TestHome.newKey())
                                .close())
                    .reason())
            .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
        assertThat(
                catchThrowableOfType(
                        WardgateException.class,
                        () ->
                            open.desk()
                                .certify(
                                    DeviceId.of("pump-99"), TestHome.ROLE, TestHome.keyOf("pump-1"))
                                .close())
                    .reason())
            .isEqualTo(Reason.KEY_ALREADY_ISSUED);
      }
    }
  }

  @Test
  @Provision("5.4-1")
  void noSegmentOfTheRestoredHomeIsSealedByAKeyOfTheOtherAfterTheBackup() throws Exception {
    restore("r");
    GatewayHome again = GatewayHome.at(directory.resolve("r"));
    for (GatewayHome each : List.of(home, again)) {
      try (OpenHome open = TestHome.open(each)) {
        TestHome.register(open.desk(), "pump-10");
      }
    }

    for (String part : List.of("ledger", "audit")) {
      Map<String, byte[]> ours = segments(home, part);
      Map<String, byte[]> theirs = segments(again, part);
      Map<String, byte[]> backedUp = new LinkedHashMap<>();
      for (Map.Entry<String, byte[]> entry : contents(file).entrySet()) {
        if (entry.getKey().startsWith("state/" + part + "/")) {
          backedUp.put(entry.getKey().substring(6 + part.length()), entry.getValue());
        }
      }
      Set<String> keys = new HashSet<>();
      for (Map<String, byte[]> segments : List.of(ours, theirs)) {
        segments.forEach(
            (name, bytes) -> {
              if (!backedUp.containsKey(name)) {
                assertThat(keys.add(wrappedKey(bytes))).as("%s %s", part, name).isTrue();
              }
            });
      }
      assertThat(keys).hasSizeGreaterThanOrEqualTo(3);
      backedUp.values().forEach(bytes -> assertThat(keys).doesNotContain(wrappedKey(bytes)));
    }
  }

  @Test
  @Provision("5.4-1")
  void withoutTheUnlockSecretOrWithAnotherHomesThereIsNoHome() throws Exception {
    assertThat(refusal(file, "r")).isEqualTo(Reason.UNLOCK_SECRET_MISSING);

    TestHome.make(directory.resolve("other"), UnlockSource.BESIDE_THE_HOME);
    Files.copy(directory.resolve("other.unlock"), directory.resolve("r.unlock"));
    assertThat(refusal(file, "r")).isEqualTo(Reason.VAULT_LOCKED);
    assertThat(directory.resolve("r")).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aPlaceThatIsTakenIsLeftAsItIs() throws Exception {
    unlockFor("r");
    Files.createDirectory(directory.resolve("r"));
    Files.writeString(directory.resolve("r/mine"), "mine");

    assertThatThrownBy(() -> make(file, "r")).isInstanceOf(IOException.class);
    assertThat(directory.resolve("r/mine")).hasContent("mine");
  }

  @Test
  @Provision("5.13-1A")
  void aTruncatedBackupIsRefused() throws Exception {
    unlockFor("r");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 1 + whole.length / 40) {
      Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, length));
      assertThat(refusal(cut, "r")).as("%d bytes", length).isEqualTo(Reason.BACKUP_DAMAGED);
    }
    assertThat(directory.resolve("r")).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  @Provision("5.13-1A")
  void anAlteredByteIsRefusedOrMeansNothing() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int at = 0; at < whole.length; at += 1 + whole.length / 60) {
      byte[] altered = whole.clone();
      altered[at] ^= 0x10;
      Path other = Files.write(directory.resolve("altered"), altered);
      String place = "r" + at;
      unlockFor(place);
      try {
        make(other, place);
        // A time or an attribute the zip keeps of an entry: what was restored is what was backed
        // up.
        assertThat(directory.resolve(place).resolve("keys.p12"))
            .hasSameBinaryContentAs(home.vault());
      } catch (WardgateException e) {
        assertThat(e.reason()).as("byte %d", at).isEqualTo(Reason.BACKUP_DAMAGED);
        assertThat(directory.resolve(place)).doesNotExist();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(40);
  }

  @Test
  void anEntryOfAnotherBackupIsRefused() throws Exception {
    Path other = directory.resolve("other.backup");
    try (OpenHome open = TestHome.open(home)) {
      TestHome.register(open.desk(), "pump-3");
    }
    backUp(other);
    Map<String, byte[]> newer = contents(other);
    unlockFor("r");
    for (String name : contents(file).keySet()) {
      Map<String, byte[]> mixed = contents(file);
      byte[] before = mixed.put(name, newer.get(name));
      if (!Arrays.equals(before, newer.get(name))) {
        assertThat(refusal(write(mixed), "r")).as(name).isEqualTo(Reason.BACKUP_DAMAGED);
      }
    }
  }

  @Test
  void anEntryTooManyTooFewOrTwiceIsRefused() throws Exception {
    unlockFor("r");
    for (String name : List.of("../gw.unlock", "/tmp/x", "state/x", "lock")) {
      Map<String, byte[]> more = contents(file);
      more.put(name, new byte[] {1});
      assertThat(refusal(write(more), "r")).as(name).isEqualTo(Reason.BACKUP_DAMAGED);
    }
    Map<String, byte[]> fewer = contents(file);
    fewer.remove("state/ledger.head");
    assertThat(refusal(write(fewer), "r")).isEqualTo(Reason.BACKUP_DAMAGED);

    // A zip writer refuses to write a name twice: a name of the same length becomes the other.
    Map<String, byte[]> twice = contents(file);
    twice.put("gateway.tomx", new byte[] {1});
    byte[] bytes = Files.readAllBytes(write(twice));
    Path doubled = Files.write(directory.resolve("doubled"), renamed(bytes));
    assertThat(refusal(doubled, "r")).isEqualTo(Reason.BACKUP_DAMAGED);
    assertThat(directory.resolve("r")).doesNotExist();
  }

  @Test
  void aListNobodySignedIsNotBelieved() throws Exception {
    Map<String, byte[]> unsigned = contents(file);
    byte[] configuration = "version = 1\n".getBytes(UTF_8);
    String manifest = new String(unsigned.get("manifest"), UTF_8);
    String before = line(manifest, "gateway.toml");
    String after =
        "file " + TestHome.sha256(configuration) + " " + configuration.length + " gateway.toml";
    unsigned.put("manifest", manifest.replace(before, after).getBytes(UTF_8));
    unsigned.put("gateway.toml", configuration);
    unlockFor("r");

    assertThat(refusal(write(unsigned), "r")).isEqualTo(Reason.BACKUP_DAMAGED);
  }

  @Test
  void aBackupOfALaterVersionIsLeftAlone() throws Exception {
    Map<String, byte[]> later = contents(file);
    later.put(
        "manifest",
        new String(later.get("manifest"), UTF_8)
            .replace("wardgate-backup 1", "wardgate-backup 2")
            .getBytes(UTF_8));
    unlockFor("r");

    assertThat(refusal(write(later), "r")).isEqualTo(Reason.STATE_NEWER);
  }

  @Test
  void anEntryThatUnpacksToMoreThanItSaysIsNotUnpacked() throws Exception {
    Map<String, byte[]> bomb = contents(file);
    bomb.put("state/ledger.head", new byte[64 << 20]);
    unlockFor("r");

    assertThat(refusal(write(bomb), "r")).isEqualTo(Reason.BACKUP_DAMAGED);
    bomb = contents(file);
    bomb.put("manifest", new byte[64 << 20]);
    assertThat(refusal(write(bomb), "r")).isEqualTo(Reason.BACKUP_DAMAGED);
  }

  @Test
  void aDirectoryTooLargeToHoldIsNotRead() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 10, 1 << 30);
    Path huge = Files.write(directory.resolve("huge"), bytes);
    unlockFor("r");

    assertThatThrownBy(() -> make(huge, "r"))
        .isInstanceOf(WardgateException.class)
        .hasMessageStartingWith(Reason.BACKUP_DAMAGED.code())
        .hasMessageContaining("no archive of ours");
  }

  private void backUp(Path target) throws IOException, WardgateException {
    new HomeBackup(TestHome.CLOCK, TestHome.RANDOM)
        .make(home, UnlockSource.BESIDE_THE_HOME, target);
  }

  private Restored restore(String place) throws IOException, WardgateException {
    return restore(file, place);
  }

  private Restored restore(Path from, String place) throws IOException, WardgateException {
    unlockFor(place);
    return make(from, place);
  }

  private Restored make(Path from, String place) throws IOException, WardgateException {
    return new HomeRestore(TestHome.CLOCK, TestHome.RANDOM)
        .make(from, directory.resolve(place), UnlockSource.BESIDE_THE_HOME);
  }

  private Reason refusal(Path from, String place) {
    return catchThrowableOfType(WardgateException.class, () -> make(from, place)).reason();
  }

  private void unlockFor(String place) throws IOException {
    Files.copy(directory.resolve("gw.unlock"), directory.resolve(place + ".unlock"));
  }

  private static String line(String manifest, String name) {
    return manifest.lines().filter(line -> line.endsWith(" " + name)).findFirst().orElseThrow();
  }

  private static Map<String, byte[]> contents(Path zip) throws IOException {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    try (ZipFile in = new ZipFile(zip.toFile())) {
      Enumeration<? extends ZipEntry> entries = in.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        contents.put(entry.getName(), in.getInputStream(entry).readAllBytes());
      }
    }
    return contents;
  }

  private Path write(Map<String, byte[]> contents) throws IOException {
    Path zip = directory.resolve("made");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    return zip;
  }

  private static byte[] renamed(byte[] zip) {
    String text = new String(zip, ISO_8859_1);
    return text.replace("gateway.tomx", "gateway.toml").getBytes(ISO_8859_1);
  }

  private static Map<String, byte[]> segments(GatewayHome home, String part) throws IOException {
    Map<String, byte[]> segments = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(home.state().resolve(part))) {
      for (Path segment : files.sorted().toList()) {
        segments.put("/" + segment.getFileName(), Files.readAllBytes(segment));
      }
    }
    return segments;
  }

  private static String wrappedKey(byte[] segment) {
    return Arrays.toString(
        Arrays.copyOfRange(segment, WRAPPED_KEY_AT, WRAPPED_KEY_AT + WRAPPED_KEY_BYTES));
  }

  private List<Path> leftovers() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> content = Files.list(directory)) {
      content.filter(path -> path.getFileName().toString().startsWith(".")).forEach(found::add);
    }
    return found;
  }
}
