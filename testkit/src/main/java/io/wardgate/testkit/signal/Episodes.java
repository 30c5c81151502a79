// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;

/** Quiet and active spans in turn, their lengths in seconds drawn from a seed; starts quiet. */
final class Episodes {

  private final Draws draws;
  private final Range quiet;
  private final Range active;
  private boolean inEpisode;
  private double endsAt;
  private double severity;

  Episodes(Draws draws, Range firstQuiet, Range quiet, Range active) {
    this.draws = draws;
    this.quiet = quiet;
    this.active = active;
    this.endsAt = firstQuiet.draw(draws);
  }

  /** Whether an episode runs at this time; times must not decrease from call to call. */
  boolean activeAt(double seconds) {
    while (seconds >= endsAt) {
      inEpisode = !inEpisode;
      if (inEpisode) {
        severity = draws.fraction();
      }
      endsAt += (inEpisode ? active : quiet).draw(draws);
    }
    return inEpisode;
  }

  /** How severe the present or last episode is, from 0 to 1. */
  double severity() {
    return severity;
  }
}
