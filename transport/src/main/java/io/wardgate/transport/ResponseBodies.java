// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import io.wardgate.exchange.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Keeps responses too large for one message while a peer fetches their blocks (RFC 7959 Block2).
 *
 * <p>One per session and target, at most two of a session and four of a device, 256 and 4 MiB in
 * all, each for 30 s; the oldest goes first, of the device that is beyond its share before that of
 * any. Thread-safe by one lock, held for no longer than a map access.
 */
final class ResponseBodies {

  private static final int MAX_RESPONSES = 256;
  private static final long MAX_TOTAL_BYTES = 4L << 20;
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private record Kept(Response response, int bytes, long since) {}

  private final LongSupplier nanos;
  private final Map<RequestBodies.Key, Kept> kept = new LinkedHashMap<>();
  private long totalBytes;

  ResponseBodies(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Keeps {@code response} for the blocks that will be asked for. */
  synchronized void keep(RequestBodies.Key key, Response response) {
    remove(key);
    makeRoom(RequestBodies.MAX_PER_SESSION, other -> other.session().equals(key.session()));
    makeRoom(RequestBodies.MAX_PER_DEVICE, other -> other.device().equals(key.device()));
    int bytes = response.payload().length;
    kept.put(key, new Kept(response, bytes, nanos.getAsLong()));
    totalBytes += bytes;
    while (kept.size() > MAX_RESPONSES || totalBytes > MAX_TOTAL_BYTES) {
      remove(kept.keySet().iterator().next());
    }
  }

  private void makeRoom(int most, Predicate<RequestBodies.Key> alike) {
    List<RequestBodies.Key> own = kept.keySet().stream().filter(alike).toList();
    if (own.size() >= most) {
      remove(own.get(0));
    }
  }

  /** The response being fetched, or empty if it was never begun or is gone. */
  synchronized Optional<Response> find(RequestBodies.Key key) {
    Kept entry = kept.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (nanos.getAsLong() - entry.since() > KEPT_NANOS) {
      remove(key);
      return Optional.empty();
    }
    return Optional.of(entry.response());
  }

  private void remove(RequestBodies.Key key) {
    Kept entry = kept.remove(key);
    if (entry != null) {
      totalBytes -= entry.bytes();
    }
  }
}
