// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import io.wardgate.testkit.Draws;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The fate of every datagram, decided in advance: a pure function of seed, direction and the number
 * of the datagram in that direction.
 *
 * <p>No question changes an answer, in whatever order they are asked. Immutable and thread-safe.
 */
public final class ImpairmentPlan {

  /**
   * The fate of one datagram.
   *
   * @param delays one for each copy to be sent: none if it is lost, two if it is duplicated
   * @param overtaken whether its successor goes first
   * @param flippedBit which bit to flip, as a part of the datagram's length from 0 to 1; empty to
   *     leave it whole
   */
  public record Fate(List<Duration> delays, boolean overtaken, OptionalDouble flippedBit) {

    /** Copies the list. */
    public Fate {
      delays = List.copyOf(delays);
    }

    /** Whether it never arrives. */
    public boolean lost() {
      return delays.isEmpty();
    }
  }

  private static final Fate LOST = new Fate(List.of(), false, OptionalDouble.empty());

  private final Impairment impairment;
  private final Draws draws;

  /** The plan of this seed for a network as bad as this. */
  public ImpairmentPlan(long seed, Impairment impairment) {
    this.impairment = impairment;
    this.draws = new Draws(seed);
  }

  /** The plan in which nothing happens to any datagram. */
  public static ImpairmentPlan harmless() {
    return new ImpairmentPlan(0, Impairment.none());
  }

  /** The fate of the datagram with this number, counted from 0 in its direction. */
  public Fate fate(Direction direction, long number) {
    Draws own = draws.branch(direction.name()).branch(Long.toString(number));
    // All are drawn before any is used: a change of one probability leaves the other fates alone.
    boolean lost = own.chance(impairment.loss());
    boolean duplicated = own.chance(impairment.duplication());
    boolean overtaken = own.chance(impairment.reordering());
    boolean corrupted = own.chance(impairment.corruption());
    double bit = own.fraction();
    Duration first = delay(own);
    Duration second = delay(own);
    if (lost) {
      return LOST;
    }
    return new Fate(
        duplicated ? List.of(first, second) : List.of(first),
        overtaken,
        corrupted ? OptionalDouble.of(bit) : OptionalDouble.empty());
  }

  private Duration delay(Draws own) {
    Duration span = impairment.longestDelay().minus(impairment.shortestDelay());
    return impairment.shortestDelay().plusNanos((long) (own.fraction() * span.toNanos()));
  }
}
