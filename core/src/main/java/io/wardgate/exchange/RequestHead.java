// SPDX-License-Identifier: Apache-2.0
package io.wardgate.exchange;

import io.wardgate.identity.AuthenticatedPeer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All of a request but its body: what is known at the first block, and all that access may depend
 * on.
 *
 * @param peer who asks, as proved by the session the request came over
 * @param method what is asked for
 * @param path the segments of the path, percent-decoded, never merged or normalised
 * @param queries the query arguments as sent
 * @param contentFormat the body's format (RFC 7252 section 12.3), if given
 * @param accept the format wanted in return, if given
 * @param announcedBytes the least size of the body as far as is known now: what Size1 announces, or
 *     what has arrived
 * @param echo what it was sent to echo, if it came with it (RFC 9175)
 */
public record RequestHead(
    AuthenticatedPeer peer,
    Method method,
    List<String> path,
    List<String> queries,
    OptionalInt contentFormat,
    OptionalInt accept,
    long announcedBytes,
    Optional<Echo> echo) {

  /** A head without an Echo. */
  public RequestHead(
      AuthenticatedPeer peer,
      Method method,
      List<String> path,
      List<String> queries,
      OptionalInt contentFormat,
      OptionalInt accept,
      long announcedBytes) {
    this(peer, method, path, queries, contentFormat, accept, announcedBytes, Optional.empty());
  }

  /** Copies the lists. */
  public RequestHead {
    path = List.copyOf(path);
    queries = List.copyOf(queries);
  }

  /** The path with a leading slash; segments that hold a slash of their own match no resource. */
  public String pathText() {
    return path.stream().anyMatch(segment -> segment.indexOf('/') >= 0)
        ? "//"
        : "/" + String.join("/", path);
  }
}
