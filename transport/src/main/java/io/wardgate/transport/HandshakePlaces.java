// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import java.util.HashMap;
import java.util.Map;

/**
 * The places of handshakes under way, apart from those of sessions: who has proved nothing takes
 * nothing from who has. One source may hold half of them, so that nobody keeps all others out from
 * one address (EN 303 645 5.9-3).
 *
 * <p>Counted behind the cookie, so that nobody holds a place in another's name. Thread-safe by one
 * lock, held for a map access; holds no more entries than there are places.
 */
final class HandshakePlaces {

  /** What 128 handshakes hold, 3 MB, any gateway has. */
  private static final int AT_LEAST = 128;

  private final int all;
  private final Map<Source, Integer> taken = new HashMap<>();
  private int allTaken;

  private HandshakePlaces(int all) {
    this.all = all;
  }

  /** Those of a gateway with room for so many sessions. */
  static HandshakePlaces beside(int maxSessions) {
    return new HandshakePlaces(Math.max(AT_LEAST, maxSessions / 2));
  }

  int all() {
    return all;
  }

  int ofOneSource() {
    return all / 2;
  }

  /** Whether that source would be given one. */
  synchronized boolean hasOneFor(Source source) {
    return allTaken < all && taken.getOrDefault(source, 0) < ofOneSource();
  }

  /** Takes one for that source, if it may have one more. */
  synchronized boolean take(Source source) {
    boolean isGiven = hasOneFor(source);
    if (isGiven) {
      taken.merge(source, 1, Integer::sum);
      allTaken++;
    }
    return isGiven;
  }

  /** Gives back one that was taken. */
  synchronized void giveBack(Source source) {
    taken.computeIfPresent(source, (who, places) -> places == 1 ? null : places - 1);
    allTaken--;
  }
}
