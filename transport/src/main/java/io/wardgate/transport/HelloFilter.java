// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.net.DatagramPacket;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DtlsDatagramFilter;

/**
 * Lets only a few handshake openings of one source through in a while, where more would go round in
 * circles: a Scandium server without a free place answers every hello with another cookie, and a
 * Scandium client answers every cookie with another hello, 65536 times.
 *
 * <p>At a gateway that counts only while no place is free, so that nobody can use up another's
 * share by forging its address while there is one. Remembers {@value #SOURCES} sources. Thread-safe
 * by one lock, held for a map access.
 */
final class HelloFilter extends DtlsDatagramFilter {

  /** A hello, a hello with cookie, a repetition of each. */
  static final int AT_ONCE = 4;

  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int SOURCES = 1024;

  private static final int CLIENT_HELLO = 1;
  private static final int HELLO_VERIFY_REQUEST = 3;

  /** RFC 6347 section 4.1: type, version, epoch, sequence number, length; then the message. */
  private static final int CONTENT_TYPE_AT = 0;

  private static final int EPOCH_AT = 3;
  private static final int MESSAGE_TYPE_AT = 13;
  private static final byte HANDSHAKE = 22;

  private final int messageType;
  private final BooleanSupplier counts;
  private final LongSupplier nanos;
  private final Map<SocketAddress, Share> shares = new Recent<>(SOURCES);

  private HelloFilter(
      Configuration settings, int messageType, BooleanSupplier counts, LongSupplier nanos) {
    super(settings);
    this.messageType = messageType;
    this.counts = counts;
    this.nanos = nanos;
  }

  /** For a gateway, which counts hellos while {@code isFull}. */
  static HelloFilter ofGateway(Configuration settings, BooleanSupplier isFull, LongSupplier nanos) {
    return new HelloFilter(settings, CLIENT_HELLO, isFull, nanos);
  }

  /** For a sensor, which counts the cookies it is sent. */
  static HelloFilter ofSensor(Configuration settings, LongSupplier nanos) {
    return new HelloFilter(settings, HELLO_VERIFY_REQUEST, () -> true, nanos);
  }

  /** What one source has used up of the present window. */
  private static final class Share {
    private long since;
    private int used;
  }

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    return super.onReceiving(packet)
        && (!isOpening(packet) || !counts.getAsBoolean() || hasShareLeft(packet));
  }

  private boolean isOpening(DatagramPacket packet) {
    byte[] bytes = packet.getData();
    int at = packet.getOffset();
    return packet.getLength() > MESSAGE_TYPE_AT
        && bytes[at + CONTENT_TYPE_AT] == HANDSHAKE
        && bytes[at + EPOCH_AT] == 0
        && bytes[at + EPOCH_AT + 1] == 0
        && bytes[at + MESSAGE_TYPE_AT] == messageType;
  }

  private boolean hasShareLeft(DatagramPacket packet) {
    long now = nanos.getAsLong();
    synchronized (shares) {
      Share share = shares.computeIfAbsent(packet.getSocketAddress(), source -> new Share());
      if (share.used == 0 || now - share.since > WINDOW_NANOS) {
        share.since = now;
        share.used = 0;
      }
      share.used++;
      return share.used <= AT_ONCE;
    }
  }
}
