// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

import java.time.Duration;

/**
 * How bad a network is: the probability of each kind of harm, and the span of delays.
 *
 * <p>Starts from {@link #none()}; each method returns a network that is worse in one respect. Every
 * kind is drawn independently, except that a lost datagram suffers nothing else. Immutable.
 *
 * @param loss the probability, 0 to 1, that a datagram never arrives
 * @param duplication that it arrives twice
 * @param reordering that it arrives after its successor
 * @param corruption that one of its bits is flipped
 * @param shortestDelay before it is sent on
 * @param longestDelay before it is sent on, at most {@link #LONGEST_DELAY}
 */
public record Impairment(
    double loss,
    double duplication,
    double reordering,
    double corruption,
    Duration shortestDelay,
    Duration longestDelay) {

  /** Longer than any handshake waits; more would only fill queues. */
  public static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /**
   * Checks every part.
   *
   * @throws IllegalArgumentException if a probability is not within 0 to 1, or the delays are
   *     negative, in the wrong order, or longer than {@link #LONGEST_DELAY}
   */
  public Impairment {
    for (double probability : new double[] {loss, duplication, reordering, corruption}) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException(probability + " is not a probability");
      }
    }
    if (shortestDelay.isNegative()
        || shortestDelay.compareTo(longestDelay) > 0
        || longestDelay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException(
          "delays from "
              + shortestDelay
              + " to "
              + longestDelay
              + " are not a span within 0 to "
              + LONGEST_DELAY);
    }
  }

  /** A network that does no harm. */
  public static Impairment none() {
    return new Impairment(0, 0, 0, 0, Duration.ZERO, Duration.ZERO);
  }

  /** The same network, losing datagrams with this probability. */
  public Impairment losing(double probability) {
    return new Impairment(
        probability, duplication, reordering, corruption, shortestDelay, longestDelay);
  }

  /** The same network, duplicating datagrams with this probability. */
  public Impairment duplicating(double probability) {
    return new Impairment(loss, probability, reordering, corruption, shortestDelay, longestDelay);
  }

  /** The same network, letting a datagram fall behind its successor with this probability. */
  public Impairment reordering(double probability) {
    return new Impairment(loss, duplication, probability, corruption, shortestDelay, longestDelay);
  }

  /** The same network, flipping a bit with this probability. */
  public Impairment corrupting(double probability) {
    return new Impairment(loss, duplication, reordering, probability, shortestDelay, longestDelay);
  }

  /** The same network, delaying every datagram by a time within this span. */
  public Impairment delaying(Duration shortest, Duration longest) {
    return new Impairment(loss, duplication, reordering, corruption, shortest, longest);
  }
}
