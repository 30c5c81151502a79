// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.ca.EcKeys;
import io.wardgate.ca.Pem;
import io.wardgate.est.WaitingDevice;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.registry.Cause;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix-domain socket in a home by which its own user gives orders to the gateway that holds it,
 * one per connection, never over the network: {@code certify} and {@code share} let a device in,
 * {@code suspend}, {@code resume}, {@code revoke} and {@code retire} change where it stands, {@code
 * crl} takes the revocation list that lies beside the socket, {@code invite}, {@code approve},
 * {@code deny} and {@code waiting} are about enrolment, {@code status} does nothing.
 *
 * <p>Mode 0600 in a directory of mode 0700, and the kernel is asked who is on the other end: no
 * other user gets an answer. Lines are bounded, an order is waited for {@link #ORDER_PATIENCE} and
 * its end {@link #PATIENCE}, and there is one conversation at a time, on one thread.
 */
public final class ControlSocket implements AutoCloseable {

  /**
   * Files are written between the two steps of an issue; more than this is not waiting for a disk.
   */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Whoever connects knows what to say; the others wait meanwhile. */
  static final Duration ORDER_PATIENCE = Duration.ofSeconds(2);

  /** In place of a key, where there is none. */
  static final String NOTHING = "-";

  /** So many of the longest fit into a line. */
  private static final int MOST_WAITING = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class.getPackageName());
  private static final Duration AFTER_FAILURE = Duration.ofMillis(20);
  private static final int BACKLOG = 16;
  private static final long CLOSE_MILLIS = 2000;

  private final Path path;
  private final DeviceDesk desk;
  private final EnrolmentDesk enrolment;
  private final Duration orderPatience;
  private final ServerSocketChannel server;
  private final Thread thread;
  private volatile @Nullable SocketChannel current;

  private ControlSocket(
      Path path,
      DeviceDesk desk,
      EnrolmentDesk enrolment,
      Duration orderPatience,
      ServerSocketChannel server) {
    this.path = path;
    this.desk = desk;
    this.enrolment = enrolment;
    this.orderPatience = orderPatience;
    this.server = server;
    this.thread = new Thread(this::serve, "wardgate-control");
    thread.setDaemon(true);
  }

  /**
   * Listens in {@code home}, whose lock the caller holds, and hands orders to these desks.
   *
   * @throws IOException if the socket cannot be made
   */
  public static ControlSocket listen(GatewayHome home, DeviceDesk desk, EnrolmentDesk enrolment)
      throws IOException {
    return listen(home, desk, enrolment, ORDER_PATIENCE);
  }

  static ControlSocket listen(
      GatewayHome home, DeviceDesk desk, EnrolmentDesk enrolment, Duration orderPatience)
      throws IOException {
    // Left over from a gateway that was killed: we hold the lock, so nobody listens there.
    Files.deleteIfExists(home.socket());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean listening = false;
    try {
      server.bind(UnixDomainSocketAddress.of(home.socket()), BACKLOG);
      Files.setPosixFilePermissions(home.socket(), PosixFilePermissions.fromString("rw-------"));
      listening = true;
    } catch (IOException e) {
      throw PrivateFiles.naming(home.socket(), e);
    } finally {
      if (!listening) {
        server.close();
      }
    }
    ControlSocket socket = new ControlSocket(home.socket(), desk, enrolment, orderPatience, server);
    socket.thread.start();
    return socket;
  }

  /** Takes no more orders, and waits for a registration under way; idempotent, never throws. */
  @Override
  public void close() {
    try {
      server.close();
      SocketChannel client = current;
      if (client != null) {
        client.close();
      }
      thread.join(CLOSE_MILLIS);
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("the control socket did not close: {}", e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        current = client;
        converse(client);
      } catch (ClosedChannelException e) {
        // Our own end, which the loop's condition sees, or a conversation that took too long.
        LOG.debug("a control connection was closed");
      } catch (IOException | RuntimeException | Error e) {
        // One bad conversation must not end the others, for memory that was short once either: no
        // device could be revoked any more. And without a descriptor left, accept fails
        // at once, again and again.
        LOG.warn("a control connection failed: {}", e.getClass().getSimpleName());
        LockSupport.parkNanos(AFTER_FAILURE.toNanos());
      }
    }
  }

  @SuppressWarnings("try") // a deadline works by being there
  private void converse(SocketChannel client) throws IOException {
    if (!isOwner(client, path)) {
      LOG.warn("another user tried the control socket and was turned away");
      return;
    }
    ControlLine order;
    try (Deadline deadline = Deadline.of(client, orderPatience)) {
      order = ControlLine.read(client);
    }
    try (Deadline deadline = Deadline.of(client, PATIENCE)) {
      obey(client, order);
    }
  }

  private void obey(SocketChannel client, ControlLine order) throws IOException {
    List<String> words = order.words();
    try {
      switch (order.verb() + "/" + words.size()) {
        case "certify/4" -> certify(client, words);
        case "share/5" -> share(client, words);
        case "suspend/3" -> done(client, () -> desk.suspend(device(words), cause(words)));
        case "resume/2" -> done(client, () -> desk.resume(device(words)));
        case "revoke/3" -> done(client, () -> desk.revoke(device(words), cause(words)));
        case "retire/3" -> done(client, () -> desk.retire(device(words), cause(words)));
        case "crl/2", "crl/3", "crl/4", "crl/5" -> done(client, () -> takeRevocationList(words));
        case "invite/5" -> done(client, () -> enrolment.invite(invitation(words)));
        case "approve/4" -> approve(client, words);
        case "deny/2" -> done(client, () -> enrolment.deny(device(words)));
        case "waiting/1" -> waiting(client);
        case "status/1" -> ControlLine.of("OK").write(client);
        default -> ControlLine.of("UNKNOWN").write(client);
      }
    } catch (WardgateException e) {
      refusal(e.reason()).write(client);
    } catch (IllegalArgumentException | DateTimeException e) {
      ControlLine.of("UNKNOWN").write(client);
    }
  }

  private void certify(SocketChannel client, List<String> words)
      throws IOException, WardgateException {
    DeviceId device = DeviceId.of(words.get(1));
    Role role = Role.of(words.get(2));
    byte[] key = Base64.getDecoder().decode(words.get(3));
    try (DeviceDesk.CertificateTicket ticket = desk.certify(device, role, EcKeys.publicKey(key))) {
      ControlLine.of(
              "OK",
              Base64.getEncoder().encodeToString(ticket.certificate().getEncoded()),
              Base64.getEncoder().encodeToString(ticket.gatewayCa().getEncoded()))
          .write(client);
      registerWhenConfirmed(client, ticket);
    } catch (CertificateEncodingException e) {
      throw new IOException("a certificate of ours does not encode", e);
    }
  }

  private void share(SocketChannel client, List<String> words)
      throws IOException, WardgateException {
    byte[] secret = words.get(4).getBytes(StandardCharsets.US_ASCII);
    PreSharedKey key;
    try {
      key = PreSharedKey.imported(DeviceId.of(words.get(1)), words.get(3), secret);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
    try (DeviceDesk.Ticket ticket = desk.share(key, Role.of(words.get(2)))) {
      ControlLine.of("OK").write(client);
      registerWhenConfirmed(client, ticket);
    } finally {
      key.destroy();
    }
  }

  private static Invitation invitation(List<String> words) {
    String key = words.get(4);
    return new Invitation(
        device(words),
        Role.of(words.get(2)),
        key.equals(NOTHING) ? Optional.empty() : Optional.of(new KeyFingerprint(key)),
        Instant.parse(words.get(3)));
  }

  private void approve(SocketChannel client, List<String> words)
      throws IOException, WardgateException {
    KeyFingerprint key =
        enrolment.approve(device(words), Role.of(words.get(2)), Instant.parse(words.get(3)));
    ControlLine.of("OK", key.hex()).write(client);
  }

  private void waiting(SocketChannel client) throws IOException, WardgateException {
    List<String> words = new ArrayList<>(List.of("OK"));
    for (WaitingDevice device : enrolment.waiting().stream().limit(MOST_WAITING).toList()) {
      words.add(device.device().toString());
      words.add(device.key().hex());
      words.add(device.since().toString());
    }
    new ControlLine(words).write(client);
  }

  private void takeRevocationList(List<String> words) throws IOException, WardgateException {
    List<X509Certificate> authorities = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      authorities.add(certificate(Base64.getDecoder().decode(word)));
    }
    byte[] list = PrivateFiles.readUpTo(listBeside(path), Pem.MAX_REVOCATION_LIST_BYTES);
    desk.takeRevocationList(list, authorities);
  }

  private static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509", "SUN")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no certificate", e);
    }
  }

  /** Where a revocation list lies while it is handed over. */
  static Path listBeside(Path socket) {
    return socket.resolveSibling("incoming.crl");
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException, WardgateException;
  }

  private static void done(SocketChannel client, Change change)
      throws IOException, WardgateException {
    change.make();
    ControlLine.of("OK").write(client);
  }

  private static DeviceId device(List<String> words) {
    return DeviceId.parse(words.get(1));
  }

  private static Cause cause(List<String> words) {
    return Cause.of(words.get(2))
        .orElseThrow(() -> new IllegalArgumentException("a cause nobody knows"));
  }

  private static void registerWhenConfirmed(SocketChannel client, DeviceDesk.Ticket ticket)
      throws IOException, WardgateException {
    if (!ControlLine.read(client).verb().equals("confirm")) {
      throw new IOException("not a confirmation");
    }
    ticket.register();
    ControlLine.of("OK").write(client);
  }

  private static ControlLine refusal(Reason reason) {
    return ControlLine.of("REFUSED", reason.code());
  }

  /** Whether the process on the other end runs as the user the socket belongs to. */
  static boolean isOwner(SocketChannel channel, Path socket) throws IOException {
    return channel
        .getOption(ExtendedSocketOptions.SO_PEERCRED)
        .user()
        .getName()
        .equals(Files.getOwner(socket).getName());
  }
}
