// SPDX-License-Identifier: Apache-2.0
package io.wardgate.cli.home;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.est.WaitingDevice;
import io.wardgate.identity.PreSharedKey;
import io.wardgate.keys.DurableFile;
import io.wardgate.registry.Cause;
import io.wardgate.registry.Invitation;
import io.wardgate.registry.KeyFingerprint;
import io.wardgate.registry.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
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
import java.util.stream.Stream;

/**
 * The desks of a running gateway, over its {@link ControlSocket}. One connection for each ticket
 * and each order.
 */
final class RemoteDesk implements DeviceDesk, EnrolmentDesk {

  /** More than the gateway has for us, so that it is the one to give up. */
  private static final Duration PATIENCE = ControlSocket.PATIENCE.plusSeconds(2);

  private final Path socket;
  private final Duration patience;

  RemoteDesk(Path socket) {
    this(socket, PATIENCE);
  }

  RemoteDesk(Path socket, Duration patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /** Whether a gateway of our own user answers there. */
  @SuppressWarnings("try") // the deadline works by being there
  boolean answers() {
    try (SocketChannel channel = connect();
        Deadline deadline = Deadline.of(channel, patience)) {
      ControlLine.of("status").write(channel);
      return ControlLine.read(channel).verb().equals("OK");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public CertificateTicket certify(DeviceId device, Role role, PublicKey key)
      throws IOException, WardgateException {
    String encoded = Base64.getEncoder().encodeToString(key.getEncoded());
    return ticket(ControlLine.of("certify", device.serial(), role.name(), encoded), 3);
  }

  @Override
  public Ticket share(PreSharedKey key, Role role) throws IOException, WardgateException {
    byte[] bytes = key.copyOfKey();
    String text = new String(bytes, StandardCharsets.US_ASCII);
    Arrays.fill(bytes, (byte) 0);
    return ticket(
        ControlLine.of("share", key.device().serial(), role.name(), key.identity(), text), 1);
  }

  @Override
  public void suspend(DeviceId device, Cause cause) throws IOException, WardgateException {
    order(ControlLine.of("suspend", device.toString(), cause.code()));
  }

  @Override
  public void resume(DeviceId device) throws IOException, WardgateException {
    order(ControlLine.of("resume", device.toString()));
  }

  @Override
  public void revoke(DeviceId device, Cause cause) throws IOException, WardgateException {
    order(ControlLine.of("revoke", device.toString(), cause.code()));
  }

  @Override
  public void retire(DeviceId device, Cause cause) throws IOException, WardgateException {
    order(ControlLine.of("retire", device.toString(), cause.code()));
  }

  /**
   * The list goes by a file in the home: it may be as long as a thousand lines of this protocol.
   */
  @Override
  public void takeRevocationList(byte[] list, List<X509Certificate> authorities)
      throws IOException, WardgateException {
    List<String> words = new ArrayList<>(List.of("crl"));
    for (X509Certificate authority : authorities) {
      try {
        words.add(Base64.getEncoder().encodeToString(authority.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IOException("a certificate that was parsed does not encode", e);
      }
    }
    Path file = ControlSocket.listBeside(socket);
    DurableFile.replace(file, list);
    try {
      order(new ControlLine(words));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public void invite(Invitation invitation) throws IOException, WardgateException {
    order(
        ControlLine.of(
            "invite",
            invitation.device().toString(),
            invitation.role().name(),
            invitation.until().toString(),
            invitation.key().map(KeyFingerprint::hex).orElse(ControlSocket.NOTHING)));
  }

  @Override
  public KeyFingerprint approve(DeviceId device, Role role, Instant until)
      throws IOException, WardgateException {
    ControlLine answer =
        asked(ControlLine.of("approve", device.toString(), role.name(), until.toString()));
    if (answer.words().size() != 2) {
      throw notUnderstood();
    }
    return new KeyFingerprint(answer.words().get(1));
  }

  @Override
  public void deny(DeviceId device) throws IOException, WardgateException {
    order(ControlLine.of("deny", device.toString()));
  }

  @Override
  public List<WaitingDevice> waiting() throws IOException, WardgateException {
    List<String> words = asked(ControlLine.of("waiting")).words();
    List<WaitingDevice> waiting = new ArrayList<>();
    try {
      for (int i = 1; i + 2 < words.size(); i += 3) {
        waiting.add(
            new WaitingDevice(
                DeviceId.parse(words.get(i)),
                new KeyFingerprint(words.get(i + 1)),
                Instant.parse(words.get(i + 2))));
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw notUnderstood();
    }
    return waiting;
  }

  private void order(ControlLine order) throws IOException, WardgateException {
    if (asked(order).words().size() != 1) {
      throw notUnderstood();
    }
  }

  @SuppressWarnings("try") // the deadline works by being there
  private ControlLine asked(ControlLine order) throws IOException, WardgateException {
    try (SocketChannel channel = connect();
        Deadline deadline = Deadline.of(channel, patience)) {
      order.write(channel);
      return answer(channel);
    }
  }

  private RemoteTicket ticket(ControlLine order, int words) throws IOException, WardgateException {
    SocketChannel channel = connect();
    Deadline deadline = Deadline.of(channel, patience);
    boolean granted = false;
    try {
      order.write(channel);
      RemoteTicket ticket = new RemoteTicket(channel, deadline, answer(channel, words));
      granted = true;
      return ticket;
    } finally {
      if (!granted) {
        deadline.close();
        channel.close();
      }
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    boolean ours = false;
    try {
      ours = ControlSocket.isOwner(channel, socket);
    } finally {
      if (!ours) {
        channel.close();
      }
    }
    if (!ours) {
      throw new IOException("the control socket is served by another user");
    }
    return channel;
  }

  private static ControlLine answer(SocketChannel channel, int words)
      throws IOException, WardgateException {
    ControlLine answer = answer(channel);
    if (answer.words().size() != words) {
      throw notUnderstood();
    }
    return answer;
  }

  private static IOException notUnderstood() {
    return new IOException("the running gateway does not understand; is it of this version?");
  }

  private static ControlLine answer(SocketChannel channel) throws IOException, WardgateException {
    ControlLine answer = ControlLine.read(channel);
    if (answer.verb().equals("REFUSED") && answer.words().size() == 2) {
      String code = answer.words().get(1);
      Reason reason =
          Stream.of(Reason.values())
              .filter(r -> r.code().equals(code))
              .findFirst()
              .orElseThrow(() -> new IOException("the gateway refused for a reason unknown here"));
      throw new WardgateException(reason, "the running gateway says so");
    }
    if (!answer.verb().equals("OK")) {
      throw notUnderstood();
    }
    return answer;
  }

  private static final class RemoteTicket implements CertificateTicket {
    private final SocketChannel channel;
    private final Deadline deadline;
    private final List<String> words;

    RemoteTicket(SocketChannel channel, Deadline deadline, ControlLine answer) {
      this.channel = channel;
      this.deadline = deadline;
      this.words = answer.words();
    }

    @Override
    public X509Certificate certificate() {
      return decode(words.get(1));
    }

    @Override
    public X509Certificate gatewayCa() {
      return decode(words.get(2));
    }

    @Override
    public void register() throws IOException, WardgateException {
      ControlLine.of("confirm").write(channel);
      answer(channel, 1);
    }

    @Override
    public void close() throws IOException {
      deadline.close();
      channel.close();
    }

    private static X509Certificate decode(String base64) {
      try {
        return (X509Certificate)
            CertificateFactory.getInstance("X.509", "SUN")
                .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the running gateway sent no certificate", e);
      }
    }
  }
}
