// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.time.Pace;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DtlsDatagramFilter;

/**
 * Drops handshake openings that would lead nowhere, before anything is spent on them.
 *
 * <p>A gateway that has no place for a handshake lets no hello through: a Scandium server without a
 * free place answers every hello with another cookie. No opening is let through that is not alone
 * in its datagram. A sensor follows a few cookies only: a Scandium client answers each with another
 * hello, 65536 times. Thread-safe.
 */
final class HelloFilter extends DtlsDatagramFilter {

  /** A cookie, its repetitions, and a new one because the first had grown old. */
  static final int COOKIES_AT_ONCE = 4;

  private static final Duration ONE_MORE_COOKIE_AFTER = Duration.ofMillis(1250);

  private static final int CLIENT_HELLO = 1;
  private static final int HELLO_VERIFY_REQUEST = 3;

  /** RFC 6347 section 4.1: type, version, epoch, sequence number, length; then the message. */
  private static final int CONTENT_TYPE_AT = 0;

  private static final int EPOCH_AT = 3;
  private static final int LENGTH_AT = 11;
  private static final int MESSAGE_TYPE_AT = 13;
  private static final byte HANDSHAKE = 22;

  /** RFC 9146 section 4: the connection id stands before the length. */
  private static final byte WITH_CONNECTION_ID = 25;

  private final int messageType;
  private final Predicate<InetSocketAddress> leadsSomewhere;

  private HelloFilter(
      Configuration settings, int messageType, Predicate<InetSocketAddress> leadsSomewhere) {
    super(settings);
    this.messageType = messageType;
    this.leadsSomewhere = leadsSomewhere;
  }

  /** For a gateway; {@code hasPlaceFor} is asked with an address that anybody can forge. */
  static HelloFilter ofGateway(Configuration settings, Predicate<InetSocketAddress> hasPlaceFor) {
    return new HelloFilter(settings, CLIENT_HELLO, hasPlaceFor);
  }

  /** For a sensor, which has one gateway. */
  static HelloFilter ofSensor(Configuration settings, LongSupplier nanos) {
    Pace<InetSocketAddress> cookies =
        new Pace<>(nanos, COOKIES_AT_ONCE, ONE_MORE_COOKIE_AFTER, COOKIES_AT_ONCE);
    return new HelloFilter(settings, HELLO_VERIFY_REQUEST, from -> cookies.take(from, 1));
  }

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    return super.onReceiving(packet) && leadsSomewhere(packet);
  }

  private boolean leadsSomewhere(DatagramPacket packet) {
    ByteBuffer datagram =
        ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength()).slice();
    int records = 0;
    boolean opens = false;
    for (int at = 0; at < datagram.limit(); at = endOfRecord(datagram, at)) {
      records++;
      opens |= isOpening(datagram, at);
    }
    // Nobody sends an opening together with anything else, and what comes second in a datagram
    // the substrate takes for part of what the first belongs to.
    return !opens
        || (records == 1 && leadsSomewhere.test((InetSocketAddress) packet.getSocketAddress()));
  }

  private boolean isOpening(ByteBuffer datagram, int at) {
    return datagram.limit() - at > MESSAGE_TYPE_AT
        && datagram.get(at + CONTENT_TYPE_AT) == HANDSHAKE
        && datagram.getShort(at + EPOCH_AT) == 0
        && datagram.get(at + MESSAGE_TYPE_AT) == messageType;
  }

  private static int endOfRecord(ByteBuffer datagram, int at) {
    boolean hasId = datagram.get(at) == WITH_CONNECTION_ID;
    int lengthAt = at + LENGTH_AT + (hasId ? DtlsSettings.CONNECTION_ID_BYTES : 0);
    int from = lengthAt + Short.BYTES;
    return from > datagram.limit()
        ? datagram.limit()
        : from + Short.toUnsignedInt(datagram.getShort(lengthAt));
  }
}
