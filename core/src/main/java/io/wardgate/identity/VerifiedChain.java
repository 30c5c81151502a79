// SPDX-License-Identifier: Apache-2.0
package io.wardgate.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A chain that holds, by one set of anchors at one moment; only {@link ChainVerifier} makes one.
 * Immutable.
 */
public final class VerifiedChain {

  private final List<X509Certificate> path;
  private final TrustAnchor anchor;
  private final List<Link> links;
  private final boolean listOverdue;

  VerifiedChain(
      List<X509Certificate> path, TrustAnchor anchor, List<Link> links, boolean listOverdue) {
    this.path = List.copyOf(path);
    this.anchor = anchor;
    this.links = links;
    this.listOverdue = listOverdue;
  }

  /** The end entity's certificate. */
  public X509Certificate leaf() {
    return path.get(0);
  }

  /** The certificates that count, end entity first, without the anchor. */
  public List<X509Certificate> path() {
    return path;
  }

  /** The last instant at which every certificate of it is valid, the anchor's included. */
  Instant notAfter() {
    Instant first = anchor.certificate().getNotAfter().toInstant();
    for (X509Certificate certificate : path) {
      Instant end = certificate.getNotAfter().toInstant();
      first = end.isBefore(first) ? end : first;
    }
    return first;
  }

  /** Who vouches for it. */
  public TrustAnchor anchor() {
    return anchor;
  }

  /** The path as revocation sees it. */
  List<Link> links() {
    return links;
  }

  /** Whether a revocation list it was checked by is overdue, and was let pass by a grace. */
  public boolean listOverdue() {
    return listOverdue;
  }
}
