// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.EcKeys;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.Cause;
import io.wardgate.registry.DeviceState;
import io.wardgate.registry.Registration;
import io.wardgate.registry.Role;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ControlSocketTest {

  private static final DeviceId PUMP = DeviceId.of("pump-1");
  private static final byte[] KEY =
      "q83vEjRWeJC6mHZUMhABI0VniavN7wEjRWeJq83vASM".getBytes(US_ASCII);

  @TempDir(factory = ShortTempDir.class)
  Path directory;

  private final PublicKey key = EcKeys.p256(TestHome.RANDOM).getPublic();
  private GatewayHome home;
  private OpenHome open;
  private ControlSocket socket;
  private RemoteDesk desk;

  @BeforeEach
  void listen() throws Exception {
    home = TestHome.in(directory);
    open = TestHome.open(home);
    socket = ControlSocket.listen(home, open.desk(), open.enrolment());
    desk = new RemoteDesk(home.socket());
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    open.close();
  }

  @Test
  void aDeviceIssuedOverTheSocketIsKnownToTheRunningGateway() throws Exception {
    try (DeviceDesk.CertificateTicket ticket = desk.certify(PUMP, Role.INFUSION_PUMP, key)) {
      assertThat(ticket.certificate().getPublicKey().getEncoded()).isEqualTo(key.getEncoded());
      assertThat(ticket.gatewayCa().getSubjectX500Principal().getName()).contains("gateway");
      assertThat(open.registry().find(PUMP)).isEmpty();
      ticket.register();
    }

    assertThat(open.registry().find(PUMP)).map(Registration::role).contains(Role.INFUSION_PUMP);
  }

  @Test
  void aSharedKeyIsFoundByTheRunningGateway() throws Exception {
    try (DeviceDesk.Ticket ticket =
        desk.share(new PreSharedKey(PUMP, "wg-abc", KEY), Role.ASSET_TAG)) {
      assertThat(open.preSharedKeys().find("wg-abc")).isEmpty();
      ticket.register();
    }

    assertThat(open.preSharedKeys().find("wg-abc").orElseThrow().copyOfKey()).isEqualTo(KEY);
    assertThat(open.registry().find(PUMP)).isPresent();
  }

  @Test
  void withoutConfirmationNothingIsRegistered() throws Exception {
    desk.certify(PUMP, Role.INFUSION_PUMP, key).close();
    desk.share(new PreSharedKey(PUMP, "wg-abc", KEY), Role.ASSET_TAG).close();

    assertThat(desk.answers()).isTrue();
    assertThat(open.registry().all()).isEmpty();
    assertThat(open.preSharedKeys().find("wg-abc")).isEmpty();
  }

  @Test
  void aRefusalKeepsItsReason() throws Exception {
    open.registry().register(new Registration(PUMP, Role.INFUSION_PUMP, TestHome.CLOCK.instant()));

    assertThat(
            catchThrowableOfType(
                    WardgateException.class, () -> desk.certify(PUMP, Role.INFUSION_PUMP, key))
                .reason())
        .isEqualTo(Reason.DEVICE_ALREADY_REGISTERED);
  }

  @Test
  void theSocketIsItsOwnersAlone() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.socket())))
        .isEqualTo("rw-------");
    try (SocketChannel channel = connect()) {
      assertThat(ControlSocket.isOwner(channel, home.socket())).isTrue();
      assertThat(ControlSocket.isOwner(channel, Path.of("/dev/null")))
          .isEqualTo(Files.getOwner(Path.of("/dev/null")).equals(Files.getOwner(home.socket())));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop\n",
        "status now\n",
        "certify pump-1 infusion-pump\n",
        "certify ../pump infusion-pump AAAA\n",
        "certify pump-1 NoRole AAAA\n",
        "certify pump-1 infusion-pump ?\n",
        "certify acme/pump-1 infusion-pump AAAA\n",
        "share tag-1 asset-tag wg-abc short\n",
        "suspend pump-1\n",
        "suspend pump-1 because\n",
        "suspend pump-1 lost now\n",
        "revoke ../pump lost\n",
        "revoke /pump-1 lost\n",
        "retire pump-1\n",
        "resume\n",
        "resume pump-1 lost\n",
        "REFUSED home-in-use\n"
      })
  void refusesEveryOtherOrder(String line) throws Exception {
    assertThat(answer(line)).isEqualTo("UNKNOWN");
    assertThat(open.registry().all()).isEmpty();
  }

  @Test
  void aDeviceIsTakenOutOfServiceAndLetInAgainOverTheSocket() throws Exception {
    DeviceId foreign = new DeviceId("acme", "pump-1");
    for (DeviceId device : List.of(PUMP, foreign)) {
      open.registry()
          .register(new Registration(device, Role.INFUSION_PUMP, TestHome.CLOCK.instant()));
    }

    desk.suspend(foreign, Cause.MAINTENANCE);
    assertThat(stateOf(foreign)).isEqualTo(DeviceState.SUSPENDED);
    desk.resume(foreign);
    assertThat(stateOf(foreign)).isEqualTo(DeviceState.ISSUED);
    desk.retire(foreign, Cause.UNSPECIFIED);
    assertThat(stateOf(foreign)).isEqualTo(DeviceState.RETIRED);
    desk.revoke(PUMP, Cause.STOLEN);
    assertThat(stateOf(PUMP)).isEqualTo(DeviceState.REVOKED);
  }

  @Test
  void whatADeviceMayNotBecomeIsRefusedWithItsReason() throws Exception {
    assertThat(
            catchThrowableOfType(WardgateException.class, () -> desk.revoke(PUMP, Cause.LOST))
                .reason())
        .isEqualTo(Reason.DEVICE_NOT_REGISTERED);
    open.registry().register(new Registration(PUMP, Role.INFUSION_PUMP, TestHome.CLOCK.instant()));
    desk.revoke(PUMP, Cause.LOST);
    assertThat(catchThrowableOfType(WardgateException.class, () -> desk.resume(PUMP)).reason())
        .isEqualTo(Reason.DEVICE_STATE_FINAL);
  }

  @Test
  void refusesAKeyThatIsNone() throws Exception {
    assertThat(answer("certify pump-1 infusion-pump AAAA\n")).isEqualTo("REFUSED key-unsuitable");
  }

  @Test
  void refusesAnIdentityTheVaultCannotHold() throws Exception {
    String text = new String(KEY, US_ASCII);
    try (SocketChannel channel = connect()) {
      write(channel, "share tag-1 asset-tag WG-ABC " + text + "\nconfirm\n");
      assertThat(read(channel)).isEqualTo("OK");
      assertThat(read(channel)).isEqualTo("UNKNOWN");
    }
    assertThat(open.registry().all()).isEmpty();
  }

  @Test
  void anythingButAConfirmationIsNone() throws Exception {
    String encoded = Base64.getEncoder().encodeToString(key.getEncoded());
    try (SocketChannel channel = connect()) {
      write(channel, "certify pump-1 infusion-pump " + encoded + "\nconfirmed\n");
      assertThat(read(channel)).startsWith("OK ");
      assertThat(read(channel)).isEmpty();
    }
    assertThat(open.registry().all()).isEmpty();
  }

  @Test
  void aLineWithoutEndIsCutOff() throws Exception {
    try (SocketChannel channel = connect()) {
      assertThatThrownBy(
              () -> {
                write(channel, "a".repeat(4 * ControlLine.MAX_BYTES));
                // Whether writing or reading fails first is the kernel's choice.
                if (read(channel).isEmpty()) {
                  throw new IOException("closed");
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(desk.answers()).isTrue();
  }

  @Test
  void whateverEndsOneConversationTheNextIsAnswered() throws Exception {
    for (Throwable fault : List.of(new IllegalStateException(), new StackOverflowError())) {
      socket.close();
      socket = ControlSocket.listen(home, failing(fault), open.enrolment(), Duration.ofSeconds(10));
      assertThatThrownBy(() -> desk.suspend(PUMP, Cause.LOST)).isInstanceOf(IOException.class);
      assertThat(desk.answers()).isTrue();
    }
  }

  /** A desk at which suspending fails in a way nobody foresaw. */
  private DeviceDesk failing(Throwable fault) {
    return (DeviceDesk)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DeviceDesk.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("suspend")) {
                throw fault;
              }
              return method.invoke(open.desk(), arguments);
            });
  }

  @Test
  void whoSaysNothingIsNotWaitedForForEver() throws Exception {
    socket.close();
    socket = ControlSocket.listen(home, open.desk(), open.enrolment(), Duration.ofMillis(50));
    try (SocketChannel silent = connect()) {
      assertThat(read(silent)).isEmpty();
    }
    assertThat(desk.answers()).isTrue();
  }

  @Test
  void theTimeForAnOrderIsNotTheTimeForItsConfirmation() throws Exception {
    socket.close();
    Duration patience = Duration.ofMillis(500);
    socket = ControlSocket.listen(home, open.desk(), open.enrolment(), patience);
    try (DeviceDesk.CertificateTicket ticket = desk.certify(PUMP, Role.INFUSION_PUMP, key)) {
      CountDownLatch later = new CountDownLatch(1);
      // Deadlines come one after the other: that for the order would have come before this one.
      try (Deadline deadline = Deadline.of(later::countDown, patience)) {
        assertThat(deadline).isNotNull();
        later.await();
      }
      ticket.register();
    }
    assertThat(open.registry().find(PUMP)).isPresent();
  }

  @Test
  void aGatewayThatSaysNothingIsNotWaitedForForEver() throws Exception {
    socket.close();
    try (var frozen =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      frozen.bind(UnixDomainSocketAddress.of(home.socket()));
      assertThat(new RemoteDesk(home.socket(), Duration.ofMillis(50)).answers()).isFalse();
    }
    Files.delete(home.socket());
  }

  @Test
  void whatAKilledGatewayLeftBehindIsNoHindrance() throws Exception {
    socket.close();
    try (var left =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(home.socket()));
    }
    assertThat(home.socket()).exists();

    socket = ControlSocket.listen(home, open.desk(), open.enrolment());

    assertThat(desk.answers()).isTrue();
  }

  @Test
  void closingTakesTheSocketAway() {
    socket.close();
    socket.close();

    assertThat(home.socket()).doesNotExist();
    assertThat(desk.answers()).isFalse();
  }

  @Test
  void theDoorLeadsToWhoeverHoldsTheHome() throws Exception {
    try (DeskDoor door = door()) {
      assertThat(door.desk()).isInstanceOf(RemoteDesk.class);
    }
    socket.close();
    assertThat(catchThrowableOfType(WardgateException.class, this::door).reason())
        .isEqualTo(Reason.HOME_IN_USE);
    open.close();
    try (DeskDoor door = door()) {
      assertThat(door.desk()).isInstanceOf(LocalDesk.class);
    }
  }

  private DeviceState stateOf(DeviceId device) {
    return open.registry().find(device).orElseThrow().state();
  }

  private DeskDoor door() throws IOException, WardgateException {
    return DeskDoor.open(
        home, UnlockSource.BESIDE_THE_HOME, TestHome.CLOCK, TestHome.RANDOM, Duration.ZERO);
  }

  private String answer(String line) throws IOException {
    try (SocketChannel channel = connect()) {
      write(channel, line);
      return read(channel);
    }
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(home.socket()));
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** One line, or what came before the end. */
  private static String read(SocketChannel channel) throws IOException {
    StringBuilder text = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (channel.read(one) > 0 && one.get(0) != '\n') {
      text.append((char) one.get(0));
      one.clear();
    }
    return text.toString();
  }
}
