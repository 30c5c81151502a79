// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.Pem;
import io.wardgate.fixtures.Provision;
import io.wardgate.fixtures.TestPki;
import io.wardgate.identity.DeviceTrust;
import io.wardgate.identity.PeerVerifier;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.Cause;
import io.wardgate.registry.IssuedCertificate;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceIssueTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private GatewayHome home;
  private OpenHome open;
  private Path out;

  @BeforeEach
  void openHome() throws Exception {
    home = TestHome.in(directory);
    open = TestHome.open(home);
    out = directory.resolve("out");
  }

  @AfterEach
  void close() throws Exception {
    open.close();
  }

  @Test
  void aCertificateLetsTheDeviceIn() throws Exception {
    certificate(open.desk(), PUMP, out);

    X509Certificate certificate =
        Pem.certificates(Files.readAllBytes(out.resolve("cert.pem"))).get(0);
    X509Certificate deviceCa = Pem.certificates(Files.readAllBytes(home.deviceCa())).get(0);
    var peer =
        new PeerVerifier(DeviceTrust.anchoredAt(deviceCa), open.registry(), TestHome.CLOCK)
            .verify(List.of(certificate));
    assertThat(peer.device()).isEqualTo(PUMP);
    assertThat(peer.role()).isEqualTo(Role.INFUSION_PUMP);
    assertThat(Files.readString(out.resolve("ca.pem")))
        .isEqualTo(Files.readString(home.gatewayCa()));
    assertThat(files(out)).containsExactlyInAnyOrder("cert.pem", "key.pem", "ca.pem");
  }

  @Test
  @Provision("5.4-4")
  void aCertificateThatWasNeverConfirmedOpensNothingLater() throws Exception {
    PublicKey mine = TestPki.authority("anybody").certificate().getPublicKey();
    X509Certificate unconfirmed;
    try (DeviceDesk.CertificateTicket ticket =
        open.desk().certify(PUMP, Role.INFUSION_PUMP, mine)) {
      unconfirmed = ticket.certificate();
    }
    certificate(open.desk(), PUMP, out);

    X509Certificate deviceCa = Pem.certificates(Files.readAllBytes(home.deviceCa())).get(0);
    PeerVerifier verifier =
        new PeerVerifier(DeviceTrust.anchoredAt(deviceCa), open.registry(), TestHome.CLOCK);
    assertThatThrownBy(() -> verifier.verify(List.of(unconfirmed)))
        .isInstanceOfSatisfying(
            WardgateException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.KEY_NOT_REGISTERED));
  }

  @Test
  void aPreSharedKeyLetsTheDeviceInAfterARestartToo() throws Exception {
    preSharedKey(open.desk(), PUMP, out);
    open.close();
    open = TestHome.open(home);

    Map<String, String> psk = psk(out);
    PreSharedKey key =
        new PeerVerifier(
                DeviceTrust.ofPreSharedKeys(open.preSharedKeys()), open.registry(), TestHome.CLOCK)
            .preSharedKey(psk.get("identity"))
            .orElseThrow();
    assertThat(key.device()).isEqualTo(PUMP);
    assertThat(key.copyOfKey()).isEqualTo(psk.get("key").getBytes(US_ASCII));
  }

  @Test
  void aPreSharedKeyCanBeTypedAsTextAndAsHex() throws Exception {
    preSharedKey(open.desk(), PUMP, out);

    Map<String, String> psk = psk(out);
    assertThat(psk.get("identity")).matches("wg-[a-z2-7]{16}");
    assertThat(psk.get("key")).matches("[A-Za-z0-9_-]{43}");
    assertThat(HexFormat.of().parseHex(psk.get("key-hex")))
        .isEqualTo(psk.get("key").getBytes(US_ASCII));
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void noTwoDevicesShareAKeyOrAnIdentity() throws Exception {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Path certified = directory.resolve("c" + i);
      certificate(open.desk(), DeviceId.of("pump-" + i), certified);
      assertThat(seen.add(Files.readString(certified.resolve("key.pem")))).isTrue();
      assertThat(seen.add(Files.readString(certified.resolve("cert.pem")))).isTrue();
      Path shared = directory.resolve("s" + i);
      preSharedKey(open.desk(), DeviceId.of("tag-" + i), shared);
      assertThat(seen.add(psk(shared).get("identity"))).isTrue();
      assertThat(seen.add(psk(shared).get("key"))).isTrue();
    }
  }

  @Test
  @Provision("5.4-1")
  void theHomeKeepsNoDevicesPrivateKeyAndNoPlainPreSharedKey() throws Exception {
    certificate(open.desk(), PUMP, out);
    Path shared = directory.resolve("shared");
    preSharedKey(open.desk(), DeviceId.of("tag-1"), shared);
    String body = Files.readString(out.resolve("key.pem")).lines().toList().get(1);
    Map<String, String> psk = psk(shared);

    try (Stream<Path> content = Files.walk(home.directory())) {
      for (Path file : content.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as("%s", file)
            .doesNotContain(body, psk.get("key"), psk.get("key-hex"));
      }
    }
  }

  @Test
  void whatIsHandedOutIsItsOwnersAlone() throws Exception {
    certificate(open.desk(), PUMP, out);

    assertThat(mode(out)).isEqualTo("rwx------");
    for (String file : files(out)) {
      assertThat(mode(out.resolve(file))).isEqualTo("rw-------");
    }
  }

  @Test
  void anIdIsIssuedOnce() throws Exception {
    certificate(open.desk(), PUMP, out);
    Path again = directory.resolve("again");

    assertThatThrownBy(() -> certificate(open.desk(), PUMP, again))
        .hasMessageContaining(Reason.DEVICE_ALREADY_REGISTERED.code());
    assertThatThrownBy(() -> preSharedKey(open.desk(), PUMP, again))
        .hasMessageContaining(Reason.DEVICE_ALREADY_REGISTERED.code());
    assertThat(again).doesNotExist();
  }

  @Test
  void anIdIsOnlyOnOneTicketAtATime() throws Exception {
    PublicKey key = io.wardgate.ca.EcKeys.p256(TestHome.RANDOM).getPublic();
    try (DeviceDesk.Ticket first = open.desk().certify(PUMP, Role.INFUSION_PUMP, key)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> open.desk().certify(PUMP, Role.INFUSION_PUMP, key))
          .hasMessageContaining(Reason.DEVICE_ALREADY_REGISTERED.code());
    }
    open.desk().certify(PUMP, Role.INFUSION_PUMP, key).close();
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void aKeyThatWasCertifiedOnceIsNeverCertifiedForAnotherDevice() throws Exception {
    PublicKey key = io.wardgate.ca.EcKeys.p256(TestHome.RANDOM).getPublic();
    open.desk().certify(PUMP, Role.INFUSION_PUMP, key).close();
    open.close();
    open = TestHome.open(home);

    assertThatThrownBy(() -> open.desk().certify(DeviceId.of("pump-2"), Role.INFUSION_PUMP, key))
        .hasMessageContaining(Reason.KEY_ALREADY_ISSUED.code());
    certificate(open.desk(), DeviceId.of("pump-2"), out);
  }

  @Test
  @Provision("5.1-1")
  @Provision("5.4-4")
  void aPreSharedKeyIsNeverSharedWithTwoDevices() throws Exception {
    byte[] key = new byte[32];
    TestHome.RANDOM.nextBytes(key);
    open.desk().share(new PreSharedKey(PUMP, "wg-one", key), Role.INFUSION_PUMP).close();

    assertThatThrownBy(
            () ->
                open.desk()
                    .share(new PreSharedKey(DeviceId.of("tag-1"), "wg-two", key), Role.ASSET_TAG))
        .hasMessageContaining(Reason.PRE_SHARED_KEY_ALREADY_ISSUED.code());
  }

  @Test
  void theRegistryKnowsWhichCertificateItIs() throws Exception {
    certificate(open.desk(), PUMP, out);

    X509Certificate certificate =
        Pem.certificates(Files.readAllBytes(out.resolve("cert.pem"))).get(0);
    assertThat(open.registry().find(PUMP).orElseThrow().credentials())
        .containsExactly(IssuedCertificate.of(certificate));
  }

  @Test
  void whenAFileCannotBeWrittenNothingIsLeftAndTheIdIsFree() throws Exception {
    try (CredentialFolder folder =
        CredentialFolder.prepare(out, DeviceIssue.CERTIFICATE_FILES, home)) {
      Files.writeString(out.resolve("key.pem"), "somebody else's");
      assertThatThrownBy(
              () ->
                  new DeviceIssue(open.desk(), TestHome.RANDOM)
                      .certificate(PUMP, Role.INFUSION_PUMP, folder))
          .isInstanceOf(IOException.class);
      Files.delete(out.resolve("key.pem"));
    }

    assertThat(out).doesNotExist();
    assertThat(open.registry().all()).isEmpty();
    certificate(open.desk(), PUMP, out);
    assertThat(open.registry().find(PUMP)).isPresent();
  }

  @Test
  void whatIsThereIsNeverOverwritten() throws Exception {
    for (String name : DeviceIssue.CERTIFICATE_FILES) {
      Path folder = Files.createDirectory(directory.resolve("with-" + name));
      Path file = Files.createSymbolicLink(folder.resolve(name), directory.resolve("dangling"));
      assertThatThrownBy(() -> certificate(open.desk(), PUMP, folder))
          .isInstanceOf(IOException.class);
      assertThat(files(folder)).containsExactly(file.getFileName().toString());
    }
    assertThat(open.registry().all()).isEmpty();
    assertThat(directory.resolve("dangling")).doesNotExist();
  }

  @Test
  void otherFilesInTheDirectoryAreLeftAlone() throws Exception {
    Files.createDirectory(out);
    Files.writeString(out.resolve("notes"), "mine");
    preSharedKey(open.desk(), PUMP, out);

    assertThat(files(out)).containsExactlyInAnyOrder("notes", "psk.txt");
  }

  @Test
  void theHomeIsNoPlaceForADevicesCredential() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), home.directory());
    for (Path inside : List.of(home.directory().resolve("p"), link.resolve("p"))) {
      assertThatThrownBy(() -> certificate(open.desk(), PUMP, inside))
          .isInstanceOf(IOException.class);
      assertThat(inside).doesNotExist();
    }
  }

  @Test
  void aRefusedRegistrationTakesTheFilesAway() {
    FakeDesk refusing =
        new FakeDesk(
            () -> {
              throw new WardgateException(Reason.STATE_UNAVAILABLE, "disk full");
            });

    assertThatThrownBy(() -> preSharedKey(refusing, PUMP, out))
        .isInstanceOf(WardgateException.class);
    assertThat(out).doesNotExist();
  }

  @Test
  void aLostConfirmationKeepsTheOnlyCredentialTheDeviceMayHave() throws Exception {
    FakeDesk lost =
        new FakeDesk(
            () -> {
              throw new IOException("connection reset");
            });

    assertThatThrownBy(() -> preSharedKey(lost, PUMP, out))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not confirm");
    assertThat(files(out)).containsExactly("psk.txt");
  }

  @Test
  void theFilesAreWholeBeforeTheDeviceIsRegistered() throws Exception {
    FakeDesk watching =
        new FakeDesk(() -> assertThat(Files.readString(out.resolve("psk.txt"))).endsWith("\n"));

    preSharedKey(watching, PUMP, out);

    assertThat(files(out)).containsExactly("psk.txt");
  }

  private void certificate(DeviceDesk desk, DeviceId device, Path folder) throws Exception {
    try (CredentialFolder files =
        CredentialFolder.prepare(folder, DeviceIssue.CERTIFICATE_FILES, home)) {
      new DeviceIssue(desk, TestHome.RANDOM).certificate(device, Role.INFUSION_PUMP, files);
    }
  }

  @Test
  void aRefusalLeavesNoneOfTheDirectoriesThatWereMadeForIt() throws Exception {
    Path mine = Files.createDirectory(directory.resolve("mine"));
    CredentialFolder.prepare(mine.resolve("x/y/z"), DeviceIssue.PSK_FILES, home).close();
    assertThat(mine).isEmptyDirectory();

    CredentialFolder folder =
        CredentialFolder.prepare(mine.resolve("x/y"), DeviceIssue.PSK_FILES, home);
    Path notes = Files.writeString(mine.resolve("x/notes"), "somebody else's");
    folder.close();
    assertThat(mine.resolve("x")).isDirectoryContaining(notes::equals);
    assertThat(mine.resolve("x/y")).doesNotExist();
  }

  private void preSharedKey(DeviceDesk desk, DeviceId device, Path folder) throws Exception {
    try (CredentialFolder files = CredentialFolder.prepare(folder, DeviceIssue.PSK_FILES, home)) {
      new DeviceIssue(desk, TestHome.RANDOM).preSharedKey(device, Role.ASSET_TAG, files);
    }
  }

  private static Map<String, String> psk(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("psk.txt")).stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> content = Files.list(folder)) {
      return content.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** A desk that does one thing when a key is to be registered. */
  private record FakeDesk(Registering registering) implements DeviceDesk {

    @Override
    public void suspend(DeviceId device, Cause cause) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resume(DeviceId device) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void revoke(DeviceId device, Cause cause) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void retire(DeviceId device, Cause cause) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void takeRevocationList(byte[] list, List<X509Certificate> authorities) {
      throw new UnsupportedOperationException();
    }

    @FunctionalInterface
    interface Registering {
      void run() throws IOException, WardgateException;
    }

    @Override
    public CertificateTicket certify(DeviceId device, Role role, PublicKey key) {
      throw new AssertionError("not asked for here");
    }

    @Override
    public Ticket share(PreSharedKey key, Role role) {
      return new Ticket() {
        @Override
        public void register() throws IOException, WardgateException {
          registering.run();
        }

        @Override
        public void close() {}
      };
    }
  }
}
