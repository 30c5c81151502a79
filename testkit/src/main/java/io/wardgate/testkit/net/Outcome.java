// SPDX-License-Identifier: Apache-2.0
package io.wardgate.testkit.net;

/** What can happen to a datagram in the proxy; counted per direction. */
public enum Outcome {
  /** It arrived. */
  RECEIVED,
  /** It, or a copy of it, was sent on. */
  FORWARDED,
  /** The plan dropped it. */
  LOST,
  /** The plan made a copy of it. */
  DUPLICATED,
  /** The plan held it back behind its successor. */
  REORDERED,
  /** The plan made it wait. */
  DELAYED,
  /** The plan flipped one of its bits. */
  CORRUPTED,
  /** It met a link that was cut. */
  CUT,
  /** It found a full queue, or no room for another client. */
  OVERFLOWED,
  /** The operating system did not take it, or said that nobody is there. */
  UNDELIVERABLE
}
