// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.DeviceId;
import io.wardgate.Reason;
import io.wardgate.WardgateException;
import io.wardgate.exchange.Echo;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts request bodies together from blocks (RFC 7959 Block1), within a bound per session, one per
 * device and one in total.
 *
 * <p>One body at a time per session and resource; a new first block replaces what was begun. A
 * device that comes back in a new session goes on: what it left in others makes room, and no device
 * takes the room of all by coming back often. Only the block that continues the body is taken. A
 * body left alone for 30 s is forgotten when room is needed. Whether a body is welcome at all, and
 * how large it may become, has been decided before a block comes here. Thread-safe by one lock,
 * held for a copy of at most 1 KiB or, at the last block, of the body.
 */
final class RequestBodies {

  /** Bodies under way in one session: a reading and something slower beside it. */
  static final int MAX_PER_SESSION = 2;

  /** In all its sessions: of 16 MiB a device holds 256 KiB at most. */
  static final int MAX_PER_DEVICE = 4;

  /** 16 MiB: 256 whole bodies of 64 KiB at once. */
  private static final long MAX_TOTAL_BYTES = 16L << 20;

  /** Also bounds what many bodies of one byte cost. */
  private static final int MAX_BODIES = 4096;

  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * Which body: of which device and session, and for what.
   *
   * @param method CoAP's code of the method
   * @param tags what tells bodies for one resource apart (Request-Tag, RFC 9175 section 3)
   */
  record Key(
      DeviceId device,
      Object session,
      int method,
      List<String> path,
      List<String> queries,
      List<String> tags) {}

  private static final class Body {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Optional<Echo> echo = Optional.empty();
    long touched;
  }

  private final LongSupplier nanos;

  /** Of each device, the oldest first. */
  private final Map<DeviceId, Map<Key, Body>> bodies = new HashMap<>();

  private int count;
  private long totalBytes;

  RequestBodies(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Bytes that would be held for {@code key} once a block of {@code more} bytes is in place. */
  synchronized long sizeWith(Key key, int number, int more) {
    Body body = number == 0 ? null : find(key);
    return (body == null ? 0L : body.bytes.size()) + more;
  }

  /**
   * Takes a block that is not the last.
   *
   * @param offset where in the body it belongs
   * @param echo what it was sent to echo; the first that came holds for the whole body
   * @throws WardgateException {@link Reason#BLOCK_OUT_OF_SEQUENCE} if it continues nothing, {@link
   *     Reason#OVERLOADED} if there is no room; either way the body is forgotten
   */
  synchronized void add(Key key, long offset, byte[] block, Optional<Echo> echo)
      throws WardgateException {
    if (offset == 0) {
      drop(key);
      begin(key);
    }
    Body body = continued(key, offset);
    body.echo = body.echo.or(() -> echo);
    // Before room is made: what is continued now is not stale.
    body.touched = nanos.getAsLong();
    if (totalBytes + block.length > MAX_TOTAL_BYTES) {
      dropStale();
      if (totalBytes + block.length > MAX_TOTAL_BYTES) {
        drop(key);
        throw new WardgateException(Reason.OVERLOADED, "request bodies under way fill their bound");
      }
    }
    body.bytes.writeBytes(block);
    totalBytes += block.length;
  }

  /**
   * What the body was sent to echo: peers need not repeat it with each block (RFC 9175 section 2.3
   * is about operations). How old it may be is asked once more when the body is whole.
   */
  synchronized Optional<Echo> echoOf(Key key) {
    Body body = find(key);
    return body == null ? Optional.empty() : body.echo;
  }

  /**
   * Takes the last block and gives the whole body, which is forgotten here.
   *
   * @throws WardgateException as for {@link #add}
   */
  synchronized byte[] finish(Key key, long offset, byte[] block) throws WardgateException {
    if (offset == 0) {
      drop(key);
      return block;
    }
    Body body = continued(key, offset);
    drop(key);
    body.bytes.writeBytes(block);
    return body.bytes.toByteArray();
  }

  /** Forgets the body, if one was begun. */
  synchronized void drop(Key key) {
    Map<Key, Body> own = bodies.get(key.device());
    Body body = own == null ? null : own.remove(key);
    if (own != null && own.isEmpty()) {
      bodies.remove(key.device());
    }
    if (body != null) {
      count--;
      totalBytes -= body.bytes.size();
    }
  }

  private @Nullable Body find(Key key) {
    Map<Key, Body> own = bodies.get(key.device());
    return own == null ? null : own.get(key);
  }

  synchronized long totalBytes() {
    return totalBytes;
  }

  private void begin(Key key) throws WardgateException {
    if (ofSession(key) >= MAX_PER_SESSION) {
      dropStale();
    }
    List<Key> ofDevice = ofDevice(key);
    long ofSession = ofSession(key);
    if (ofSession < MAX_PER_SESSION && ofDevice.size() >= MAX_PER_DEVICE) {
      ofDevice.stream()
          .filter(k -> !k.session().equals(key.session()))
          .findFirst()
          .ifPresent(this::drop);
    }
    if (count >= MAX_BODIES) {
      dropStale();
    }
    if (count >= MAX_BODIES || ofSession >= MAX_PER_SESSION) {
      throw new WardgateException(Reason.OVERLOADED, "too many request bodies are under way");
    }
    bodies.computeIfAbsent(key.device(), device -> new LinkedHashMap<>()).put(key, new Body());
    count++;
  }

  private List<Key> ofDevice(Key key) {
    return List.copyOf(bodies.getOrDefault(key.device(), Map.of()).keySet());
  }

  private long ofSession(Key key) {
    return ofDevice(key).stream().filter(k -> k.session().equals(key.session())).count();
  }

  private Body continued(Key key, long offset) throws WardgateException {
    Body body = find(key);
    if (body == null || body.bytes.size() != offset) {
      drop(key);
      throw new WardgateException(
          Reason.BLOCK_OUT_OF_SEQUENCE, "a block at " + offset + " continues nothing");
    }
    return body;
  }

  private void dropStale() {
    long now = nanos.getAsLong();
    bodies.values().stream()
        .flatMap(own -> own.entrySet().stream())
        .filter(entry -> now - entry.getValue().touched > STALE_NANOS)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::drop);
  }
}
