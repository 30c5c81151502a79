// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Handshake messages as bytes, for peers that keep to no rules (RFC 6347 sections 4.1, 4.2.2 and
 * 4.3.2).
 */
final class RawHello {

  static final int RECORD_HEAD = 13;
  static final int MESSAGE_HEAD = 12;
  static final byte HANDSHAKE = 22;
  static final byte CLIENT_HELLO = 1;
  static final byte HELLO_VERIFY_REQUEST = 3;
  static final byte CERTIFICATE = 11;
  private static final byte[] DTLS_1_2 = {(byte) 0xfe, (byte) 0xfd};
  private static final byte[] EXTENDED_MASTER_SECRET = {0, 0x17, 0, 0};
  private static final byte[] SUITES = {
    0,
    2,
    (byte) 0xc0,
    0x2b, // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    1,
    0 // no compression
  };
  private static final byte[] EXTENSIONS = {
    0,
    0x0a,
    0,
    4,
    0,
    2,
    0,
    0x17, // secp256r1
    0,
    0x0b,
    0,
    2,
    1,
    0 // uncompressed points
  };

  private RawHello() {}

  /** A ClientHello that asks for a session by its id, or for a new one if that is empty. */
  static byte[] clientHello(byte[] random, byte[] sessionId, byte[] cookie, int number) {
    return clientHello(random, sessionId, cookie, number, EXTENDED_MASTER_SECRET);
  }

  /** The same for a new session, of a peer that does not know RFC 7627. */
  static byte[] withoutMasterSecretExtension(byte[] random, byte[] cookie, int number) {
    return clientHello(random, new byte[0], cookie, number, new byte[0]);
  }

  private static byte[] clientHello(
      byte[] random, byte[] sessionId, byte[] cookie, int number, byte[] moreExtensions) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(DTLS_1_2);
    body.writeBytes(random);
    body.write(sessionId.length);
    body.writeBytes(sessionId);
    body.write(cookie.length);
    body.writeBytes(cookie);
    body.writeBytes(SUITES);
    body.write(0);
    body.write(EXTENSIONS.length + moreExtensions.length);
    body.writeBytes(EXTENSIONS);
    body.writeBytes(moreExtensions);
    byte[] message = fragment(CLIENT_HELLO, number, body.toByteArray(), 0, body.size());
    return record(number, message);
  }

  /** A record of epoch 0 with these messages in it. */
  static byte[] record(long number, byte[]... messages) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      content.writeBytes(message);
    }
    return ByteBuffer.allocate(RECORD_HEAD + content.size())
        .put(HANDSHAKE)
        .put(DTLS_1_2)
        .putLong(number)
        .putShort((short) content.size())
        .put(content.toByteArray())
        .array();
  }

  /** A part of a message. */
  static byte[] fragment(byte type, int number, byte[] body, int from, int to) {
    return ByteBuffer.allocate(MESSAGE_HEAD + to - from)
        .put(type)
        .put(threeBytes(body.length))
        .putShort((short) number)
        .put(threeBytes(from))
        .put(threeBytes(to - from))
        .put(body, from, to - from)
        .array();
  }

  /** The cookie in a datagram, if it is a HelloVerifyRequest. */
  static Optional<byte[]> cookieIn(byte[] datagram) {
    int at = RECORD_HEAD + MESSAGE_HEAD + DTLS_1_2.length;
    return datagram.length > at && datagram[RECORD_HEAD] == HELLO_VERIFY_REQUEST
        ? Optional.of(Arrays.copyOfRange(datagram, at + 1, at + 1 + datagram[at]))
        : Optional.empty();
  }

  /** The session id a recorded ClientHello asks for; empty if it asks for a new session. */
  static byte[] sessionIdIn(byte[] datagram) {
    int at = RECORD_HEAD + MESSAGE_HEAD + DTLS_1_2.length + 32;
    boolean hello =
        datagram.length > at && datagram[0] == HANDSHAKE && datagram[RECORD_HEAD] == CLIENT_HELLO;
    return hello ? Arrays.copyOfRange(datagram, at + 1, at + 1 + datagram[at]) : new byte[0];
  }

  /** The datagram with every Certificate in it in two fragments, in one record or in two. */
  static byte[] certificateInTwo(byte[] datagram, boolean inOneRecord) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(datagram);
    while (in.remaining() >= RECORD_HEAD) {
      int start = in.position();
      if (in.getShort(start + 3) != 0) {
        // Encrypted from here on, with a connection id in the head.
        out.write(datagram, start, datagram.length - start);
        break;
      }
      int length = in.getShort(start + RECORD_HEAD - 2) & 0xffff;
      byte[] record = Arrays.copyOfRange(datagram, start, start + RECORD_HEAD + length);
      in.position(start + record.length);
      if (record[0] == HANDSHAKE && record[RECORD_HEAD] == CERTIFICATE) {
        out.writeBytes(inTwo(record, inOneRecord));
      } else {
        out.writeBytes(record);
      }
    }
    return out.toByteArray();
  }

  private static byte[] inTwo(byte[] record, boolean inOneRecord) {
    ByteBuffer head = ByteBuffer.wrap(record);
    long number = head.getLong(3);
    int message = head.getShort(RECORD_HEAD + 4);
    int length = head.getInt(RECORD_HEAD) & 0xff_ffff;
    int end = RECORD_HEAD + MESSAGE_HEAD + length;
    byte[] body = Arrays.copyOfRange(record, RECORD_HEAD + MESSAGE_HEAD, end);
    byte[] first = fragment(CERTIFICATE, message, body, 0, length / 2);
    byte[] second = fragment(CERTIFICATE, message, body, length / 2, length);
    byte[] rest = Arrays.copyOfRange(record, end, record.length);
    if (inOneRecord) {
      return record(number, first, second, rest);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(record(number, first));
    // Record numbers need only differ: this one is far from those that follow.
    out.writeBytes(record(number + 40, second, rest));
    return out.toByteArray();
  }

  private static byte[] threeBytes(int value) {
    return new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
  }

  /** All session ids asked for. */
  static List<byte[]> sessionIdsIn(List<byte[]> datagrams) {
    return datagrams.stream().map(RawHello::sessionIdIn).filter(id -> id.length > 0).toList();
  }
}
