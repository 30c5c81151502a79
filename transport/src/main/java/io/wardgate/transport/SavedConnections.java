// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.identity.AuthenticatedPeer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.californium.elements.util.DataStreamReader;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.elements.util.Filter;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the connections of a stopped connector out, and puts them into one that has not started:
 * keys, connection ids, counters and replay windows, so that devices notice nothing.
 *
 * <p>Each is judged before it is put back; the substrate's own loading asks nobody. The bytes hold
 * keys in the clear: two clocks (8 bytes each), then connections as the substrate writes them, each
 * with when its secret was agreed on (8 bytes).
 */
final class SavedConnections {

  private static final Logger LOG =
      LoggerFactory.getLogger(SavedConnections.class.getPackageName());
  private static final int HEAD_BYTES = 2 * Long.BYTES;

  /** Of the version and the length before sequence numbers. */
  private static final int ITEM_HEAD_BITS = 16;

  private static final int SEQUENCE_BITS = 48;

  /** Record numbers need only grow (RFC 6347 section 4.1). */
  private static final int GAP = 64;

  private static final int CONNECTION_BYTES = 4096;

  private SavedConnections() {}

  /** All connections of {@code stopped}. */
  static byte[] take(DTLSConnector stopped, Resumption judge, long nanos) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long now = judge.beganBefore(Duration.ZERO).toEpochMilli();
    out.write(ByteBuffer.allocate(HEAD_BYTES).putLong(nanos).putLong(now).array());
    // Stopped, its connections' workers are too: this runs here and now. The substrate's own way to
    // save ends at the first connection that cannot be written, for example one being removed.
    var unused =
        stopped.startForEach(
            (Filter<Connection>)
                connection -> {
                  write(connection, judge, out);
                  return false;
                });
    SerializationUtil.writeNoItem(out);
    return out.toByteArray();
  }

  private static void write(Connection connection, Resumption judge, ByteArrayOutputStream out) {
    SessionUse use = PeerGate.useOf(connection.getEstablishedPeerIdentity());
    DatagramWriter writer = new DatagramWriter(CONNECTION_BYTES, true);
    try {
      if (use != null && connection.writeTo(writer)) {
        writer.writeLong(judge.beganBefore(use.age()).toEpochMilli(), Long.SIZE);
        out.writeBytes(writer.toByteArray());
      }
    } catch (RuntimeException e) {
      LOG.debug("a connection cannot be saved; its device will shake hands in short", e);
    } finally {
      writer.close();
    }
  }

  /**
   * Puts back those whose peers still stand.
   *
   * @return how many
   */
  static int put(byte[] saved, DTLSConnector into, Resumption judge, PeerGate gate, long nanos) {
    int restored = 0;
    try {
      ByteBuffer head = ByteBuffer.wrap(saved);
      long nanosThen = head.getLong();
      Duration since = judge.ageSince(Instant.ofEpochMilli(head.getLong()));
      long away = since.isNegative() ? 0 : since.toNanos();
      // Both monotonic clocks, and how long nothing ran in between.
      long shift = nanos - nanosThen - away;
      DataStreamReader reader =
          new DataStreamReader(
              new ByteArrayInputStream(saved, HEAD_BYTES, saved.length - HEAD_BYTES));
      Connection connection;
      while ((connection = Connection.fromReader(reader, shift)) != null) {
        Instant began = Instant.ofEpochMilli(reader.readLong(Long.SIZE));
        if (isPutBack(connection, judge.ageSince(began), into, judge, gate)) {
          restored++;
        }
      }
    } catch (RuntimeException e) {
      // Written by another version of the substrate; what came before it is whole.
      LOG.warn("saved connections cannot be read; their devices shake hands in short", e);
    } finally {
      Arrays.fill(saved, (byte) 0);
    }
    return restored;
  }

  private static boolean isPutBack(
      Connection connection, Duration age, DTLSConnector into, Resumption judge, PeerGate gate) {
    DTLSContext context = connection.getEstablishedDtlsContext();
    Optional<AuthenticatedPeer> peer = judge.standing(context.getSession(), age);
    if (peer.isEmpty()) {
      return false;
    }
    connection.setEstablishedPeerIdentity(
        gate.restored(
            connection.getEstablishedPeerIdentity(),
            peer.get(),
            age,
            moveOn(context),
            connection.getLastMessageNanos()));
    return into.restoreConnection(connection);
  }

  /**
   * Leaves a gap in the numbers of what is sent, should a worker have sent more than was seen when
   * the connection was written.
   *
   * @return how many records were sent and received so far
   */
  private static long moveOn(DTLSContext context) {
    DatagramWriter before = new DatagramWriter();
    context.writeSequenceNumbers(before);
    DatagramReader reader = new DatagramReader(before.toByteArray());
    int head = reader.read(ITEM_HEAD_BITS);
    long sent = reader.readLong(SEQUENCE_BITS);
    long windowStart = reader.readLong(SEQUENCE_BITS);
    long window = reader.readLong(Long.SIZE);
    DatagramWriter after = new DatagramWriter();
    after.write(head, ITEM_HEAD_BITS);
    after.writeLong(sent + GAP, SEQUENCE_BITS);
    after.writeLong(windowStart, SEQUENCE_BITS);
    after.writeLong(window, Long.SIZE);
    after.writeBytes(reader.readBytesLeft());
    context.readSequenceNumbers(new DatagramReader(after.toByteArray()));
    return sent + windowStart + Long.SIZE - Long.numberOfLeadingZeros(window);
  }
}
