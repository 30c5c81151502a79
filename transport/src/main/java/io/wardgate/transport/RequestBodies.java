// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.Reason;
import io.wardgate.WardgateException;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Puts request bodies together from blocks (RFC 7959 Block1), within a bound per session and one in
 * total.
 *
 * <p>One body at a time per session and resource; a new first block replaces what was begun. Only
 * the block that continues the body is taken. A body left alone for 30 s is forgotten when room is
 * needed. Whether a body is welcome at all, and how large it may become, has been decided before a
 * block comes here. Thread-safe by one lock, held for a copy of at most 1 KiB or, at the last
 * block, of the body.
 */
final class RequestBodies {

  /** Bodies under way in one session: a reading and something slower beside it. */
  private static final int MAX_PER_SESSION = 2;

  /** 16 MiB: 256 whole bodies of 64 KiB at once. */
  private static final long MAX_TOTAL_BYTES = 16L << 20;

  /** Also bounds what many bodies of one byte cost. */
  private static final int MAX_BODIES = 4096;

  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * Which body: of which session, and for what.
   *
   * @param method CoAP's code of the method
   */
  record Key(Object session, int method, List<String> path, List<String> queries) {}

  private static final class Body {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long touched;
  }

  private final LongSupplier nanos;
  private final Map<Key, Body> bodies = new HashMap<>();
  private long totalBytes;

  RequestBodies(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Bytes that would be held for {@code key} once a block of {@code more} bytes is in place. */
  synchronized long sizeWith(Key key, int number, int more) {
    Body body = number == 0 ? null : bodies.get(key);
    return (body == null ? 0L : body.bytes.size()) + more;
  }

  /**
   * Takes a block that is not the last.
   *
   * @param offset where in the body it belongs
   * @throws WardgateException {@link Reason#BLOCK_OUT_OF_SEQUENCE} if it continues nothing, {@link
   *     Reason#OVERLOADED} if there is no room; either way the body is forgotten
   */
  synchronized void add(Key key, long offset, byte[] block) throws WardgateException {
    if (offset == 0) {
      drop(key);
      begin(key);
    }
    Body body = continued(key, offset);
    if (totalBytes + block.length > MAX_TOTAL_BYTES) {
      dropStale();
      if (totalBytes + block.length > MAX_TOTAL_BYTES) {
        drop(key);
        throw new WardgateException(Reason.OVERLOADED, "request bodies under way fill their bound");
      }
    }
    body.bytes.writeBytes(block);
    body.touched = nanos.getAsLong();
    totalBytes += block.length;
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
    Body body = bodies.remove(key);
    if (body != null) {
      totalBytes -= body.bytes.size();
    }
  }

  synchronized long totalBytes() {
    return totalBytes;
  }

  private void begin(Key key) throws WardgateException {
    if (bodies.size() >= MAX_BODIES) {
      dropStale();
    }
    long ofSession =
        bodies.keySet().stream().filter(k -> k.session().equals(key.session())).count();
    if (bodies.size() >= MAX_BODIES || ofSession >= MAX_PER_SESSION) {
      throw new WardgateException(Reason.OVERLOADED, "too many request bodies are under way");
    }
    bodies.put(key, new Body());
  }

  private Body continued(Key key, long offset) throws WardgateException {
    Body body = bodies.get(key);
    if (body == null || body.bytes.size() != offset) {
      drop(key);
      throw new WardgateException(
          Reason.BLOCK_OUT_OF_SEQUENCE, "a block at " + offset + " continues nothing");
    }
    return body;
  }

  private void dropStale() {
    long now = nanos.getAsLong();
    Iterator<Body> each = bodies.values().iterator();
    while (each.hasNext()) {
      Body body = each.next();
      if (now - body.touched > STALE_NANOS) {
        totalBytes -= body.bytes.size();
        each.remove();
      }
    }
  }
}
