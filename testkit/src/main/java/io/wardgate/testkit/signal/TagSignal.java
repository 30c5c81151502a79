// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.signal;

import io.wardgate.testkit.Draws;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A tag on a piece of equipment: the zone it is in, whether it moves, and its battery in V.
 *
 * <p>The tag stands for 15 to 90 seconds, then is wheeled for 8 to 20 through a door to a zone next
 * to its own. Its coin cell falls slowly from 3.0 V at most and sags while the radio is busy with
 * motion; it stays within 2.4 to 3.0 V for a simulated month.
 */
public final class TagSignal {

  private static final Duration STEP = Duration.ofSeconds(1);

  /** Zones, and by index the zones next door. */
  private static final List<String> ZONES =
      List.of("ward-3 corridor", "ward-3 bay A", "ward-3 bay B", "store room", "lift", "theatre 1");

  private static final int[][] DOORS = {{1, 2, 3, 4}, {0}, {0}, {0}, {0, 5}, {4}};

  private static final double MOTION_SAG = 0.06;
  private static final double FALL_PER_SECOND = 0.15 / (30 * 86_400.0);

  private final Draws draws;
  private final Episodes journeys;
  private final Steps steps = new Steps(STEP);

  private int zone;
  private boolean moving;
  private double charge;

  /** The tag of this seed, from its start. */
  public TagSignal(long seed) {
    this.draws = new Draws(seed).branch("tag");
    this.zone = draws.below(ZONES.size());
    this.charge = draws.between(2.7, 3.0);
    this.journeys =
        new Episodes(
            draws.branch("journeys"), new Range(5, 20), new Range(15, 90), new Range(8, 20));
  }

  /** Every zone a tag can be in. */
  public static List<String> zones() {
    return ZONES;
  }

  /** Whether a door leads from one zone to the other. */
  public static boolean nextDoor(String from, String to) {
    int target = ZONES.indexOf(to);
    int source = ZONES.indexOf(from);
    return source >= 0 && Arrays.stream(DOORS[source]).anyMatch(door -> door == target);
  }

  /** Lets simulated time pass, in whole seconds; what is left over counts towards the next call. */
  public void advance(Duration elapsed) {
    for (long left = steps.in(elapsed); left > 0; left--) {
      boolean movesNow = journeys.activeAt(Steps.seconds(steps.next()));
      if (moving && !movesNow) {
        int[] doors = DOORS[zone];
        zone = doors[draws.below(doors.length)];
      }
      moving = movesNow;
      charge = Math.max(2.46, charge - FALL_PER_SECOND);
    }
  }

  /** The zone the tag is in, or is leaving. */
  public String zone() {
    return ZONES.get(zone);
  }

  /** Whether the tag moves. */
  public boolean moving() {
    return moving;
  }

  /** The battery's voltage in V. */
  public double battery() {
    return moving ? charge - MOTION_SAG : charge;
  }
}
